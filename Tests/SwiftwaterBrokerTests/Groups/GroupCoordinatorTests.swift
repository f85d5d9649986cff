import NIOCore
import Testing

@testable import SwiftwaterBroker

@Suite struct GroupCoordinatorTests {
    private static func within(_ key: APIKey, _ version: Int16) -> Int16 {
        min(max(version, key.versions.lowerBound), key.versions.upperBound)
    }

    @Test(arguments: Int16(0)...9)
    func `two members go through a group's life in every version`(version: Int16) async throws {
        let client = try GroupClient()
        defer { client.remove() }
        func v(_ key: APIKey) -> Int16 { Self.within(key, version) }

        async let other = client.join("g", version: v(.joinGroup))
        let one = try await client.join("g", version: v(.joinGroup))
        let two = try await other
        #expect(one.error == 0 && two.error == 0)
        #expect(one.generation == two.generation)
        let (leader, follower) = one.leader == one.memberID ? (one, two) : (two, one)
        #expect(Set(leader.members) == [one.memberID, two.memberID])
        #expect(follower.members.isEmpty)

        async let waiting = client.sync("g", follower, [:], version: v(.syncGroup))
        let assignments: [String: [UInt8]] = [leader.memberID: [1], follower.memberID: [2]]
        let synced = try await client.sync("g", leader, assignments, version: v(.syncGroup))
        #expect(synced == (0, [1]))
        #expect(try await waiting == (0, [2]))
        #expect(try await client.heartbeat("g", follower, version: v(.heartbeat)) == 0)

        let commit = v(.offsetCommit)
        #expect(
            try await client.commit(
                "g", generation: commit >= 1 ? leader.generation : -1, member: leader.memberID, offset: 7,
                version: commit) == (commit >= 1 ? 0 : ErrorCode.unknownMemberID.rawValue))
        let fetch = v(.offsetFetch)
        if commit >= 1 {
            let fetched = try await client.fetch("g", ["t": [0, 1]], version: fetch)
            #expect(fetched.map(\.offset) == [7, -1])
            #expect(fetched.map(\.metadata) == ["m", ""])
            #expect(fetched[0].leaderEpoch == (fetch >= 5 && commit >= 6 ? 5 : -1))
        }
        #expect(try await client.list() == ["g": "Stable"])
        #expect(try await client.delete("g") == ErrorCode.nonEmptyGroup.rawValue)
        let leave = v(.leaveGroup)
        #expect(try await client.leave("g", member: "nobody", version: leave) == ErrorCode.unknownMemberID.rawValue)
        #expect(try await client.leave("g", member: follower.memberID, version: leave) == 0)
        #expect(
            try await client.heartbeat("g", leader, version: v(.heartbeat)) == ErrorCode.rebalanceInProgress.rawValue)
        #expect(try await client.leave("g", member: leader.memberID, version: leave) == 0)
        #expect(try await client.list(states: ["Empty"]) == ["g": "Empty"])
        #expect(try await client.list(states: ["Stable"]) == [:])
        #expect(try await client.delete("g") == 0)
        #expect(try await client.delete("g") == ErrorCode.groupIDNotFound.rawValue)
        #expect(try await client.fetch("g") == [])
    }

    @Test func `groups, offsets and members are there after a restart, and members notice nothing`() async throws {
        let client = try GroupClient()
        defer { client.remove() }
        let member = try await client.join("g")
        _ = try await client.sync("g", member, [member.memberID: [7]])
        // Told its generation, but not its assignment: there is nothing to come back to.
        let unsettled = try await client.join("h")
        #expect(
            try await client.commit("g", generation: 1, member: member.memberID, offset: 11, metadata: "größe") == 0)
        #expect(try await client.commit("simple", partition: 3, offset: 4) == 0)
        #expect(try await client.commit("gone", offset: 4) == 0)
        #expect(try await client.delete("gone") == 0)

        let again = try GroupClient(directory: client.directory)
        #expect(try await again.list() == ["g": "Stable", "h": "Empty", "simple": "Empty"])
        #expect(
            try await again.fetch("g") == [
                .init(topic: "t", partition: 0, offset: 11, leaderEpoch: 5, metadata: "größe", error: 0)
            ])
        #expect(try await again.fetch("simple").map(\.partition) == [3])
        #expect(try await again.heartbeat("g", member) == 0)
        #expect(try await again.commit("g", generation: 1, member: member.memberID, offset: 12) == 0)
        #expect(try await again.sync("g", member, [:]).assignment == [7])
        #expect(try await again.heartbeat("h", unsettled) == ErrorCode.unknownMemberID.rawValue)
        #expect(try await again.join("h").generation == 2)
    }

    @Test func `commits that cannot be kept say why`() async throws {
        let client = try GroupClient()
        defer { client.remove() }
        let unknown = ErrorCode.unknownTopicOrPartition.rawValue
        #expect(try await client.commit("g", topic: "x", offset: 1) == unknown)
        #expect(try await client.commit("g", partition: 4, offset: 1) == unknown)
        let long = String(repeating: "m", count: 4097)
        #expect(try await client.commit("g", offset: 1, metadata: long) == ErrorCode.offsetMetadataTooLarge.rawValue)
        #expect(
            try await client.commit("g", generation: 3, member: "m", offset: 1) == ErrorCode.illegalGeneration.rawValue)
        #expect(try await client.list() == [:])
        #expect(try await client.commit("g", offset: 1, metadata: nil) == 0)
        #expect(try await client.fetch("g").map(\.metadata) == [""])
    }

    @Test func `a topic's end takes its offsets, also after a restart`() async throws {
        let client = try GroupClient()
        defer { client.remove() }
        #expect(try await client.commit("g", topic: "t1", offset: 1) == 0)
        #expect(try await client.commit("g", topic: "t2", offset: 2) == 0)
        await client.coordinator.topicDeleted("t1")
        #expect(try await client.fetch("g").map(\.topic) == ["t2"])
        #expect(try await GroupClient(directory: client.directory).fetch("g").map(\.topic) == ["t2"])
    }

    @Test func `offsets are deleted for topics that nobody subscribes to`() async throws {
        let client = try GroupClient()
        defer { client.remove() }
        #expect(try await client.commit("g", topic: "t", offset: 1) == 0)
        #expect(try await client.commit("g", topic: "t2", offset: 2) == 0)
        let member = try await client.join("g")
        _ = try await client.sync("g", member, [:])
        func delete(_ topic: String) async throws -> Int16 {
            var reader = try await client.call(.offsetDelete, 0) { writer in
                writer.string("g")
                writer.array([topic]) { writer, topic in
                    writer.string(topic)
                    writer.int32s([0])
                }
            }
            #expect(try reader.int16() == 0)
            _ = try reader.int32()
            return try reader.array { reader throws(ProtocolError) in
                _ = try reader.string()
                return try reader.array { reader throws(ProtocolError) in (try reader.int32(), try reader.int16()) }[0]
                    .1
            }[0]
        }
        #expect(try await delete("t") == ErrorCode.groupSubscribedToTopic.rawValue)
        #expect(try await delete("t2") == 0)
        #expect(try await client.fetch("g").map(\.topic) == ["t"])
    }

    @Test func `the coordinator is this broker, for one key and for many`() async throws {
        let client = try GroupClient()
        defer { client.remove() }
        var single = try await client.call(.findCoordinator, 0) { $0.string("g") }
        #expect(try single.int16() == 0)
        #expect(try single.int32() == 1)
        #expect(try single.string() == "localhost")
        #expect(try single.int32() == 9092)
        var batch = try await client.call(.findCoordinator, 4) { writer in
            writer.int8(0)
            writer.strings(["g", "h"])
        }
        _ = try batch.int32()
        let keys = try batch.array { reader throws(ProtocolError) in
            let key = try reader.string()
            _ = try reader.int32()
            _ = try reader.string()
            _ = try reader.int32()
            #expect(try reader.int16() == 0)
            _ = try reader.nullableString()
            try reader.taggedFields()
            return key
        }
        #expect(keys == ["g", "h"])
    }

    @Test func `a description names the client and what it was assigned, and an unknown group is dead`() async throws {
        let client = try GroupClient()
        defer { client.remove() }
        let member = try await client.join("g")
        _ = try await client.sync("g", member, [member.memberID: [9]])
        for version in APIKey.describeGroups.versions {
            var reader = try await client.call(.describeGroups, version) { writer in
                writer.strings(["g", "nothing"])
                if version >= 3 { writer.bool(false) }
            }
            if version >= 1 { _ = try reader.int32() }
            let groups = try reader.array { reader throws(ProtocolError) in
                #expect(try reader.int16() == 0)
                var text = [try reader.string(), try reader.string(), try reader.string(), try reader.string()]
                let members = try reader.array { reader throws(ProtocolError) in
                    var text = [try reader.string()]
                    if version >= 4 { _ = try reader.nullableString() }
                    text += [try reader.string(), try reader.string()]
                    text.append("\(try reader.bytes().readableBytes)")
                    text.append("\(Array(try reader.bytes().readableBytesView))")
                    try reader.taggedFields()
                    return text
                }
                text += members.flatMap(\.self)
                if version >= 3 { _ = try reader.int32() }
                try reader.taggedFields()
                return text
            }
            #expect(
                groups == [
                    ["g", "Stable", "consumer", "range", member.memberID, "client", "127.0.0.1", "9", "[9]"],
                    ["nothing", "Dead", "", ""],
                ])
        }
    }

    @Test func `shutting down answers what is held and refuses the rest`() async throws {
        let client = try GroupClient()
        defer { client.remove() }
        let member = try await client.join("g")
        _ = try await client.sync("g", member, [:])
        async let held = client.join("g")
        while try await client.heartbeat("g", member) == 0 { await Task.yield() }
        await client.coordinator.shutdown()
        #expect(try await held.error == ErrorCode.coordinatorNotAvailable.rawValue)
        #expect(try await client.join("g").error == ErrorCode.coordinatorNotAvailable.rawValue)
    }

    @Test func `a cut request is an error, wherever it is cut`() throws {
        let client = try GroupClient()
        defer { client.remove() }
        for version in APIKey.joinGroup.versions {
            let frame = GroupClient.frame(.joinGroup, version) { writer in
                writer.string("g")
                writer.int32(1)
                if version >= 1 { writer.int32(1) }
                writer.string("m")
                if version >= 5 { writer.nullableString("i") }
                writer.string("consumer")
                writer.array(["a", "b"]) { writer, name in
                    writer.string(name)
                    writer.bytes(ByteBuffer(bytes: [1, 2]))
                    writer.taggedFields()
                }
                if version >= 8 { writer.nullableString(nil) }
            }
            try client.router.decode(frame)
            for length in 0..<frame.readableBytes {
                let cut = frame.getSlice(at: 0, length: length) ?? ByteBuffer()
                #expect(throws: ProtocolError.self) { try client.router.decode(cut) }
            }
        }
    }

    @Test func `no garbage in any group request traps`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var state = seed
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        let client = try GroupClient()
        defer { client.remove() }
        for key in client.router.apiKeys {
            for version in key.versions {
                for _ in 0..<200 {
                    let frame = GroupClient.frame(key, version) { writer in
                        // Small bytes are plausible lengths.
                        for _ in 0..<(next() % 60) {
                            writer.int8(Int8(truncatingIfNeeded: next() % 4 == 0 ? next() : next() % 5))
                        }
                    }
                    do throws(ProtocolError) { try client.router.decode(frame) } catch {
                        #expect(!error.description.isEmpty, "seed \(seed)")
                    }
                }
            }
        }
    }
}
