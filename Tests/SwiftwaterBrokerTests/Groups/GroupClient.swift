import Foundation
import Logging
import NIOCore

@testable import SwiftwaterBroker

/// A client without a socket: it speaks the protocol to the router of a coordinator that lives in a directory of its own.
struct GroupClient: Sendable {
    let directory: String
    let coordinator: GroupCoordinator
    let router: RequestRouter

    /// Topics that begin with "t" have the partitions 0 to 3.
    init(directory: String? = nil) throws {
        self.directory =
            directory ?? FileManager.default.temporaryDirectory.appending(path: "groups-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: self.directory, withIntermediateDirectories: true)
        var configuration = GroupConfiguration()
        configuration.initialRebalanceDelay = .milliseconds(10)
        coordinator = try GroupCoordinator(
            directory: self.directory, configuration: configuration, logger: Logger(label: "groups"),
            surroundings: .init(
                hasPartition: { topic, partition in topic.hasPrefix("t") && (0..<4).contains(partition) },
                node: { (id: 1, host: "localhost", port: 9092) }))
        var router = RequestRouter()
        coordinator.register(on: &router)
        self.router = router
    }

    func remove() { try? FileManager.default.removeItem(atPath: directory) }

    static func frame(_ key: APIKey, _ version: Int16, _ body: (inout ProtocolWriter) -> Void) -> ByteBuffer {
        var head = ProtocolWriter()
        head.int16(key.rawValue)
        head.int16(version)
        head.int32(77)
        head.nullableString("client")
        var writer = ProtocolWriter(head.buffer, isFlexible: key.isFlexible(version))
        writer.taggedFields()
        body(&writer)
        writer.taggedFields()
        return writer.buffer
    }

    /// The reader stands at the body of the answer.
    func call(
        _ key: APIKey, _ version: Int16, _ body: @Sendable (inout ProtocolWriter) -> Void
    ) async throws -> ProtocolReader {
        let answer = try await router.answer(
            Self.frame(key, version, body), clientHost: "127.0.0.1", connectionID: 1)
        var reader = ProtocolReader(answer ?? ByteBuffer(), isFlexible: key.isFlexible(version))
        _ = try reader.int32()
        _ = try reader.int32()
        try reader.taggedFields()
        return reader
    }

    struct Joined: Equatable {
        var error: Int16
        var generation: Int32
        var leader: String
        var memberID: String
        var members: [String]
    }

    func join(_ group: String, member: String = "", version: Int16 = 4, type: String = "consumer") async throws
        -> Joined
    {
        var reader = try await call(.joinGroup, version) { writer in
            writer.string(group)
            writer.int32(10_000)
            if version >= 1 { writer.int32(10_000) }
            writer.string(member)
            if version >= 5 { writer.nullableString(nil) }
            writer.string(type)
            writer.array(["range"]) { writer, name in
                writer.string(name)
                writer.bytes(ByteBuffer(bytes: [0, 0, 0, 0, 0, 1, 0, 1, 0x74]))
                writer.taggedFields()
            }
            if version >= 8 { writer.nullableString("reason") }
        }
        if version >= 2 { _ = try reader.int32() }
        let error = try reader.int16()
        let generation = try reader.int32()
        if version >= 7 { _ = try reader.nullableString() }
        _ = try reader.nullableString()
        let leader = try reader.string()
        if version >= 9 { _ = try reader.bool() }
        let memberID = try reader.string()
        let members = try reader.array { reader throws(ProtocolError) in
            let id = try reader.string()
            if version >= 5 { _ = try reader.nullableString() }
            _ = try reader.bytes()
            try reader.taggedFields()
            return id
        }
        try end(&reader)
        if error == ErrorCode.memberIDRequired.rawValue {
            return try await join(group, member: memberID, version: version, type: type)
        }
        return Joined(error: error, generation: generation, leader: leader, memberID: memberID, members: members)
    }

    func sync(
        _ group: String, _ joined: Joined, _ assignments: [String: [UInt8]], version: Int16 = 3
    ) async throws -> (error: Int16, assignment: [UInt8]) {
        var reader = try await call(.syncGroup, version) { writer in
            writer.string(group)
            writer.int32(joined.generation)
            writer.string(joined.memberID)
            if version >= 3 { writer.nullableString(nil) }
            if version >= 5 {
                writer.nullableString("consumer")
                writer.nullableString("range")
            }
            writer.array(assignments.sorted { $0.key < $1.key }) { writer, entry in
                writer.string(entry.key)
                writer.bytes(ByteBuffer(bytes: entry.value))
                writer.taggedFields()
            }
        }
        if version >= 1 { _ = try reader.int32() }
        let error = try reader.int16()
        if version >= 5 {
            _ = try reader.nullableString()
            _ = try reader.nullableString()
        }
        let assignment = Array(try reader.bytes().readableBytesView)
        try end(&reader)
        return (error, assignment)
    }

    func heartbeat(_ group: String, _ joined: Joined, version: Int16 = 3) async throws -> Int16 {
        var reader = try await call(.heartbeat, version) { writer in
            writer.string(group)
            writer.int32(joined.generation)
            writer.string(joined.memberID)
            if version >= 3 { writer.nullableString(nil) }
        }
        if version >= 1 { _ = try reader.int32() }
        let error = try reader.int16()
        try end(&reader)
        return error
    }

    func leave(_ group: String, member: String, version: Int16 = 3) async throws -> Int16 {
        var reader = try await call(.leaveGroup, version) { writer in
            writer.string(group)
            guard version >= 3 else { return writer.string(member) }
            writer.array([member]) { writer, member in
                writer.string(member)
                writer.nullableString(nil)
                if version >= 5 { writer.nullableString("reason") }
                writer.taggedFields()
            }
        }
        if version >= 1 { _ = try reader.int32() }
        var error = try reader.int16()
        if version >= 3 {
            let errors = try reader.array { reader throws(ProtocolError) in
                _ = try reader.string()
                _ = try reader.nullableString()
                let error = try reader.int16()
                try reader.taggedFields()
                return error
            }
            error = errors.first ?? error
        }
        try end(&reader)
        return error
    }

    func commit(
        _ group: String, generation: Int32 = -1, member: String = "", topic: String = "t", partition: Int32 = 0,
        offset: Int64, metadata: String? = "m", version: Int16 = 7
    ) async throws -> Int16 {
        var reader = try await call(.offsetCommit, version) { writer in
            writer.string(group)
            if version >= 1 {
                writer.int32(generation)
                writer.string(member)
            }
            if version >= 7 { writer.nullableString(nil) }
            if (2...4).contains(version) { writer.int64(-1) }
            writer.array([topic]) { writer, topic in
                writer.string(topic)
                writer.array([partition]) { writer, partition in
                    writer.int32(partition)
                    writer.int64(offset)
                    if version >= 6 { writer.int32(5) }
                    if version == 1 { writer.int64(0) }
                    writer.nullableString(metadata)
                    writer.taggedFields()
                }
                writer.taggedFields()
            }
        }
        if version >= 3 { _ = try reader.int32() }
        let errors = try reader.array { reader throws(ProtocolError) in
            _ = try reader.string()
            let errors = try reader.array { reader throws(ProtocolError) in
                _ = try reader.int32()
                let error = try reader.int16()
                try reader.taggedFields()
                return error
            }
            try reader.taggedFields()
            return errors
        }
        try end(&reader)
        return errors[0][0]
    }

    struct Fetched: Equatable {
        var topic: String
        var partition: Int32
        var offset: Int64
        var leaderEpoch: Int32
        var metadata: String?
        var error: Int16
    }

    /// No topics asks for all.
    func fetch(_ group: String, _ topics: [String: [Int32]]? = nil, version: Int16 = 7) async throws -> [Fetched] {
        var reader = try await call(.offsetFetch, version) { writer in
            writer.string(group)
            writer.nullableArray(topics?.sorted { $0.key < $1.key }) { writer, topic in
                writer.string(topic.key)
                writer.int32s(topic.value)
                writer.taggedFields()
            }
            if version >= 7 { writer.bool(true) }
        }
        if version >= 3 { _ = try reader.int32() }
        let fetched = try reader.array { reader throws(ProtocolError) in
            let topic = try reader.string()
            let partitions = try reader.array { reader throws(ProtocolError) in
                let index = try reader.int32()
                let offset = try reader.int64()
                let epoch = version >= 5 ? try reader.int32() : -1
                let metadata = try reader.nullableString()
                let error = try reader.int16()
                try reader.taggedFields()
                return Fetched(
                    topic: topic, partition: index, offset: offset, leaderEpoch: epoch, metadata: metadata, error: error
                )
            }
            try reader.taggedFields()
            return partitions
        }
        if version >= 2 { _ = try reader.int16() }
        try end(&reader)
        return fetched.flatMap(\.self)
    }

    /// Id and state of each group.
    func list(states: [String] = []) async throws -> [String: String] {
        var reader = try await call(.listGroups, 4) { $0.strings(states) }
        _ = try reader.int32()
        _ = try reader.int16()
        let groups = try reader.array { reader throws(ProtocolError) in
            let id = try reader.string()
            _ = try reader.string()
            let state = try reader.string()
            try reader.taggedFields()
            return (id, state)
        }
        try end(&reader)
        return Dictionary(uniqueKeysWithValues: groups)
    }

    func delete(_ group: String) async throws -> Int16 {
        var reader = try await call(.deleteGroups, 2) { $0.strings([group]) }
        _ = try reader.int32()
        let errors = try reader.array { reader throws(ProtocolError) in
            _ = try reader.string()
            let error = try reader.int16()
            try reader.taggedFields()
            return error
        }
        try end(&reader)
        return errors[0]
    }

    /// The answer must hold what was read, and no byte more.
    private func end(_ reader: inout ProtocolReader) throws {
        try reader.taggedFields()
        if reader.remaining > 0 { throw ProtocolError.invalidValue("\(reader.remaining) bytes too many") }
    }
}
