import RDKafka
import Testing

@Suite struct GroupTests {
    @Test func `the owner assigns other partitions than the group gave and commits them`() throws {
        let cluster = try MockCluster()
        try cluster.createTopic("lead", partitions: 2)
        try cluster.createTopic("other", partitions: 2)
        let producer = try cluster.producer()
        try producer.fill("lead", 0, ["l"])
        try producer.fill("other", 1, ["o"])
        let consumer = try cluster.consumer("g")
        try consumer.subscribe(["lead"])
        var given: [TopicPartition] = []
        var metadata: GroupMetadata?
        let (messages, _) = try consumer.collect(
            until: { messages, _ in messages.count >= 2 },
            answer: { event in
                guard case .assigned(let partitions) = event else { return }
                given = partitions
                metadata = try consumer.groupMetadata()
                try consumer.assign(
                    partitions.flatMap { partition in
                        ["lead", "other"].map {
                            PartitionOffset(TopicPartition($0, partition.partition), KafkaOffset.invalid)
                        }
                    })
            })
        #expect(given.sorted() == [TopicPartition("lead", 0), TopicPartition("lead", 1)])
        #expect(Set(messages.compactMap(\.text)) == ["l", "o"])
        let member = try #require(metadata)
        #expect(member.isFencing && member.groupID == "g" && member.instanceID == nil)
        #expect(member.memberID == consumer.memberID)
        #expect(try consumer.groupMetadata() == member)
        #expect(consumer.rebalanceProtocol == .eager)
        #expect(!consumer.assignmentLost)
        try consumer.commit([PartitionOffset(TopicPartition("other", 1), 1, metadata: "m")], timeout: .seconds(10))

        // Closing revokes, and the owner can still commit then.
        var revoked: [TopicPartition] = []
        let left = consumer.close(limit: .seconds(20)) { event in
            guard case .revoked(let partitions, let lost) = event else { return }
            revoked = partitions
            #expect(!lost)
            #expect(throws: Never.self) {
                try consumer.commit([PartitionOffset(TopicPartition("lead", 0), 1)], timeout: .seconds(10))
                try consumer.unassign()
            }
        }
        #expect(left)
        #expect(!revoked.isEmpty)
        let reader = try cluster.consumer("g")
        let committed = try reader.committed(
            [TopicPartition("lead", 0), TopicPartition("other", 1)], timeout: .seconds(10))
        #expect(committed.map(\.offset) == [1, 1])
        #expect(committed[1].metadata == "m")
        reader.close(limit: .seconds(10))
    }

    @Test func `a second member takes a partition over in a new generation`() throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 2)
        let members = [try cluster.consumer("g"), try cluster.consumer("g")]
        var owned: [[TopicPartition]] = [[], []]
        var generations: [[Int32]] = [[], []]
        var revocations = 0
        func turn(_ index: Int) throws {
            _ = try members[index].poll(timeout: .milliseconds(50)) { _ in }
            while let event = members[index].nextEvent() {
                switch event {
                case .assigned(let partitions):
                    owned[index] = partitions
                    generations[index].append(try members[index].groupMetadata().generation)
                    try members[index].assign(partitions.map { PartitionOffset($0, KafkaOffset.invalid) })
                case .revoked(let partitions, let lost):
                    #expect(Set(partitions) == Set(owned[index]) && !lost)
                    revocations += 1
                    owned[index] = []
                    try members[index].unassign()
                default:
                    break
                }
            }
        }
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(40)
        try members[0].subscribe(["t"])
        while owned[0].count < 2, clock.now < deadline { try turn(0) }
        #expect(owned[0].count == 2)
        try members[1].subscribe(["t"])
        while owned.map(\.count) != [1, 1], clock.now < deadline {
            try turn(0)
            try turn(1)
        }
        #expect(owned.map(\.count) == [1, 1])
        #expect(Set(owned.joined()) == [TopicPartition("t", 0), TopicPartition("t", 1)])
        #expect(revocations >= 1)
        let last = try #require(generations[0].last)
        #expect(generations[1].last == last)
        #expect(try last > #require(generations[0].first))
        for member in members { #expect(member.close(limit: .seconds(20))) }
    }

    @Test func `closing without an answer to the revocation still leaves`() throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let consumer = try cluster.consumer("g")
        try consumer.subscribe(["t"])
        _ = try consumer.collect(
            until: { _, events in !events.isEmpty },
            answer: { event in
                if case .assigned(let partitions) = event {
                    try consumer.assign(partitions.map { PartitionOffset($0, KafkaOffset.invalid) })
                }
            })
        #expect(consumer.close(limit: .seconds(20)))
    }

    @Test func `a rebalance ends the wait of a long poll`() throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let consumer = try cluster.consumer("g")
        try consumer.subscribe(["t"])
        let clock = ContinuousClock()
        var event: ConsumerEvent?
        let time = try clock.measure {
            _ = try consumer.poll(timeout: .seconds(60)) { _ in }
            event = consumer.nextEvent()
        }
        guard case .assigned = event else {
            Issue.record("not assigned: \(String(describing: event))")
            return
        }
        #expect(time < .seconds(30))
        consumer.close(limit: .seconds(20))
    }

    @Test func `closing while the cluster is away takes no longer than the limit`() throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let consumer = try cluster.consumer("g")
        try consumer.subscribe(["t"])
        _ = try consumer.collect(
            until: { _, events in !events.isEmpty },
            answer: { event in
                if case .assigned(let partitions) = event {
                    try consumer.assign(partitions.map { PartitionOffset($0, KafkaOffset.invalid) })
                }
            })
        try cluster.takeBrokerDown(1)
        let clock = ContinuousClock()
        let time = clock.measure { consumer.close(limit: .seconds(2)) }
        #expect(time < .seconds(6))
        try cluster.bringBrokerUp(1)
    }

    @Test func `serialised group metadata is read or refused, never trapped on`() {
        let magic = Array("CGMDv2:".utf8)
        let whole = magic + [7, 0, 0, 0] + Array("g\0m\0".utf8) + [0] + Array("i\0".utf8)
        #expect(
            GroupMetadata(serialized: whole)
                == GroupMetadata(groupID: "g", generation: 7, memberID: "m", instanceID: "i"))
        for length in 0..<whole.count { #expect(GroupMetadata(serialized: Array(whole.prefix(length))) == nil) }
        #expect(!GroupMetadata(groupID: "g", generation: -1, memberID: "").isFencing)
        #expect(!GroupMetadata(groupID: "g", generation: 3, memberID: "").isFencing)
    }
}
