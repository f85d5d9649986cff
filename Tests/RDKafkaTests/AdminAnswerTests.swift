import RDKafka
import Testing

/// What is made of a broker's answers to admin requests.
@Suite struct AdminAnswerTests {
    private func ask<Answer>(_ script: ScriptedBroker.Script, _ body: (Admin, ScriptedBroker) throws -> Answer) throws
        -> Answer
    {
        let broker = try ScriptedBroker(topics: ["t"], script)
        defer { broker.stop() }
        let admin = try Admin(KafkaConfiguration(["bootstrap.servers": "127.0.0.1:\(broker.port)"]))
        return try body(admin, broker)
    }

    private let time = Duration.seconds(10)

    @Test func `topics are created one by one, with a reason for each that is not`() throws {
        let topics: [[Wire]] = [
            [.string("a"), .int16(0), .string(nil)], [.string("b"), .int16(36), .string("there already")],
        ]
        let (results, sent) = try ask([19: (1, [.array(topics)])]) { admin, broker in
            let results = try admin.createTopics(
                [
                    NewTopic("a", partitions: 3, replicationFactor: 1, configuration: ["cleanup.policy": "compact"]),
                    NewTopic("b", partitions: 1, replicationFactor: 1),
                ], timeout: time)
            return (results, broker.lastRequest(19))
        }
        #expect(results.map(\.name) == ["a", "b"])
        #expect(results[0].error == nil)
        #expect(results[1].error?.code == .topicAlreadyExists)
        #expect(results[1].error?.message == "there already")
        #expect(results[1].error?.subject == .topic("b"))
        #expect(throws: KafkaError.self) { try results.check() }
        #expect(throws: Never.self) { try results.check(except: [.topicAlreadyExists]) }
        #expect(String(decoding: sent, as: UTF8.self).contains("cleanup.policy"))
    }

    @Test func `topics are deleted and get partitions`() throws {
        let script: ScriptedBroker.Script = [
            20: (1, [.int32(0), .array([[.string("a"), .int16(0)], [.string("b"), .int16(3)]])]),
            37: (0, [.int32(0), .array([[.string("t"), .int16(37), .string("fewer than now")]])]),
        ]
        try ask(script) { admin, _ in
            let deleted = try admin.deleteTopics(["a", "b"], timeout: time)
            #expect(deleted.map(\.error?.code) == [nil, .unknownTopicOrPartition])
            let grown = try admin.createPartitions(["t": 4], timeout: time)
            #expect(grown.map(\.error?.code) == [.invalidPartitions])
            #expect(grown.first?.error?.message == "fewer than now")
        }
    }

    @Test func `records are deleted up to an offset of each partition`() throws {
        let partitions: [[Wire]] = [[.int32(0), .int64(5), .int16(0)], [.int32(1), .int64(-1), .int16(1)]]
        let offsets = try ask([21: (0, [.int32(0), .array([[.string("t"), .array(partitions)]])])]) { admin, _ in
            try admin.deleteRecords(
                before: [PartitionOffset(TopicPartition("t", 0), 5), PartitionOffset(TopicPartition("t", 1), 99)],
                timeout: time)
        }
        #expect(offsets.map(\.topicPartition) == [TopicPartition("t", 0), TopicPartition("t", 1)])
        #expect(offsets[0].offset == 5 && offsets[0].error == nil)
        #expect(offsets[1].error == .offsetOutOfRange)
    }

    @Test func `configurations tell value and source`() throws {
        let entries: [[Wire]] = [
            [.string("cleanup.policy"), .string("compact"), .int8(0), .int8(1), .int8(0), .array([])],
            [.string("secret"), .string(nil), .int8(1), .int8(5), .int8(1), .array([])],
        ]
        let resource: [Wire] = [.int16(0), .string(nil), .int8(2), .string("t"), .array(entries)]
        let described = try ask([32: (1, [.int32(0), .array([resource])])]) { admin, _ in
            try admin.describeConfigs([.topic("t")], timeout: time)
        }
        let configuration = try #require(described.first)
        #expect(configuration.resource == .topic("t") && configuration.error == nil)
        #expect(configuration["cleanup.policy"] == "compact")
        #expect(configuration["secret"] == nil)
        let secret = try #require(configuration.entries.first { $0.name == "secret" })
        #expect(secret.isSensitive && secret.isReadOnly && secret.source == .defaultValue)
        let policy = try #require(configuration.entries.first { $0.name == "cleanup.policy" })
        #expect(policy.source == .dynamicTopic && !policy.isReadOnly && !policy.isSensitive && !policy.isDefault)
    }

    @Test func `groups are listed with their states`() throws {
        // A flexible version: the header ends in tags, and so does each element.
        let groups: [[Wire]] = [
            [.compactString("g"), .compactString("consumer"), .compactString("Stable"), .int8(0)],
            [.compactString("s"), .compactString(""), .compactString("Empty"), .int8(0)],
        ]
        let body: [Wire] = [.int8(0), .int32(0), .int16(0), .compactArray(groups), .int8(0)]
        let listed = try ask([16: (4, body)]) { admin, _ in try admin.listGroups(timeout: time) }
        #expect(listed.errors.isEmpty)
        #expect(listed.groups.map(\.groupID) == ["g", "s"])
        #expect(listed.groups.map(\.state) == [.stable, .empty])
        #expect(listed.groups.map(\.isSimple) == [false, true])
    }

    @Test func `a group is described with what its members were given`() throws {
        let assignment: [Wire] = [
            .int16(0), .array([[.string("t"), .array([[.int32(0)], [.int32(1)]])]]), .int32(-1),
        ]
        let members: [[Wire]] = [
            [
                .string("m-1"), .string(nil), .string("orders|4f1c9a|000|10.0.0.5:8080|9a8b7c"), .string("/127.0.0.1"),
                .bytes([]), .bytes(assignment),
            ],
            [.string("m-2"), .string("i"), .string("c"), .string("/h"), .bytes([]), .bytes([])],
        ]
        let group: [Wire] = [
            .int16(0), .string("g"), .string("Stable"), .string("consumer"), .string("roundrobin"), .array(members),
            .int32(0),
        ]
        let described = try ask([15: (4, [.int32(0), .array([group])])]) { admin, _ in
            try admin.describeGroups(["g"], timeout: time)
        }
        let description = try #require(described.first)
        #expect(description.groupID == "g" && description.error == nil && description.state == .stable)
        #expect(description.assignor == "roundrobin" && description.coordinator?.id == 1)
        #expect(description.members.map(\.memberID) == ["m-1", "m-2"])
        #expect(description.members[0].clientID == "orders|4f1c9a|000|10.0.0.5:8080|9a8b7c")
        #expect(description.members[0].assignment == [TopicPartition("t", 0), TopicPartition("t", 1)])
        #expect(description.members.map(\.instanceID) == [nil, "i"])
        #expect(description.members[1].assignment.isEmpty)
    }

    @Test func `groups and their offsets are deleted, or not`() throws {
        let partitions: [[Wire]] = [[.int32(0), .int16(0)], [.int32(1), .int16(86)]]
        let script: ScriptedBroker.Script = [
            42: (1, [.int32(0), .array([[.string("g"), .int16(68)]])]),
            47: (0, [.int16(0), .int32(0), .array([[.string("t"), .array(partitions)]])]),
        ]
        try ask(script) { admin, _ in
            let deleted = try admin.deleteGroups(["g"], timeout: time)
            #expect(deleted.map(\.name) == ["g"])
            #expect(deleted.first?.error?.code == .nonEmptyGroup)
            #expect(deleted.first?.error?.subject == .group("g"))
            let offsets = try admin.deleteGroupOffsets(
                "g", [TopicPartition("t", 0), TopicPartition("t", 1)], timeout: time)
            #expect(offsets.map(\.error) == [nil, .groupSubscribedToTopic])
        }
    }
}
