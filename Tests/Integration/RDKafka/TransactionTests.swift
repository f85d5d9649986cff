import RDKafka
import Testing

@Suite(.integration, .serialized) struct BrokerTransactionTests {
    private static let limit = TestCluster.limit

    private func text(_ topic: String, _ value: String, by producer: Producer) throws {
        let handle = try producer.topic(topic)
        let outcome = try Array(value.utf8).withUnsafeBytes {
            try producer.produce(to: handle, partition: 0, key: nil, value: $0, headers: [], timestamp: nil)
        }
        #expect(outcome == .queued)
    }

    private func producer(_ cluster: TestCluster, _ id: String) throws -> Producer {
        let producer = try cluster.producer(["transactional.id": id])
        try producer.initTransactions(timeout: Self.limit)
        return producer
    }

    private func flush(_ producer: Producer) throws {
        var failure: KafkaError?
        let isFlushed = try producer.flush(timeout: Self.limit) { failure = failure ?? $0.error }
        if let failure { throw failure }
        #expect(isFlushed)
    }

    /// A member of the group, with the topic's partition assigned.
    private func member(_ cluster: TestCluster, _ group: String, _ topic: String) throws -> Consumer {
        let consumer = try cluster.consumer(group: group)
        try consumer.subscribe([topic])
        let deadline = ContinuousClock.now + Self.limit
        while try consumer.assignment().isEmpty {
            guard ContinuousClock.now < deadline else { throw ChildError("no assignment within \(Self.limit)") }
            _ = try consumer.poll(timeout: .milliseconds(100)) { _ in }
            while let event = consumer.nextEvent() {
                if case .assigned(let partitions) = event {
                    try consumer.assign(partitions.map { PartitionOffset($0, KafkaOffset.invalid) })
                }
            }
        }
        return consumer
    }

    @Test(.timeLimit(.minutes(1)))
    func `the end of a partition is the last stable offset for a consumer of committed records`()
        async throws
    {
        try await TestCluster.with { cluster in
            let topic = try await cluster.topic("stable")
            try await cluster.send([.text("before")], to: topic)
            let partition = TopicPartition(topic, 0)
            try await Blocking.run {
                let producer = try producer(cluster, cluster.transactionalID("stable"))
                func ends() throws -> [Int64] {
                    try ["read_committed", "read_uncommitted"].map { isolation in
                        let consumer = try cluster.consumer(["isolation.level": isolation])
                        defer { consumer.close(limit: .seconds(5)) }
                        return try consumer.endOffsets([partition], timeout: Self.limit)[0].offset
                    }
                }
                try producer.beginTransaction()
                try text(topic, "open", by: producer)
                try flush(producer)
                #expect(try ends() == [1, 2])
                try producer.commitTransaction(timeout: Self.limit)
                producer.close(limit: .seconds(5))
            }
            try await cluster.waitUntilStable(topic)
            let ends = try await Blocking.run { try cluster.endOffsets(topic) }
            #expect(ends == [0: 3])
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a member's offsets go with the transaction, and wait for its end`()
        async throws
    {
        try await TestCluster.with { cluster in
            let topic = try await cluster.topic("consumed")
            try await cluster.send((0..<9).map { .text("\($0)") }, to: topic)
            let group = cluster.group("consumed")
            let partition = TopicPartition(topic, 0)
            try await Blocking.run {
                let consumer = try member(cluster, group, topic)
                let producer = try producer(cluster, cluster.transactionalID("consumed"))
                try producer.beginTransaction()
                try producer.sendOffsets(
                    [PartitionOffset(partition, 5, metadata: "m")], of: consumer.groupMetadata(), timeout: Self.limit)
                // Nothing stable is known before the end, so the answer is waited for.
                let refusal = #expect(throws: KafkaError.self) {
                    try consumer.committed([partition], timeout: .seconds(1))
                }
                #expect(refusal?.code == .timedOut || refusal?.code == .unstableOffsetCommit)
                try producer.commitTransaction(timeout: Self.limit)
                let committed = try consumer.committed([partition], timeout: Self.limit)
                #expect(committed.map(\.offset) == [5] && committed.map(\.metadata) == ["m"])
                try producer.beginTransaction()
                try producer.sendOffsets(
                    [PartitionOffset(partition, 7)], of: consumer.groupMetadata(), timeout: Self.limit)
                try producer.abortTransaction(timeout: Self.limit)
                #expect(try consumer.committed([partition], timeout: Self.limit).map(\.offset) == [5])
                consumer.close(limit: .seconds(10))
                producer.close(limit: .seconds(5))
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `offsets of somebody who is no member now must be given up with their transaction`()
        async throws
    {
        try await TestCluster.with { cluster in
            let topic = try await cluster.topic("stale")
            try await cluster.send([.text("1"), .text("2")], to: topic)
            let group = cluster.group("stale")
            let partition = TopicPartition(topic, 0)
            try await Blocking.run {
                let consumer = try member(cluster, group, topic)
                let producer = try producer(cluster, cluster.transactionalID("stale"))
                let present = try consumer.groupMetadata()
                var earlier = present
                earlier.generation += 7
                var stranger = present
                stranger.memberID = "stranger"
                for (metadata, code) in [(earlier, KafkaErrorCode.illegalGeneration), (stranger, .unknownMemberID)] {
                    try producer.beginTransaction()
                    try text(topic, "output", by: producer)
                    let error = #expect(throws: KafkaError.self) {
                        try producer.sendOffsets([PartitionOffset(partition, 2)], of: metadata, timeout: Self.limit)
                    }
                    #expect(error?.code == code && error?.requiresAbort == true && error?.isFatal == false)
                    try producer.abortTransaction(timeout: Self.limit)
                }
                #expect(try consumer.committed([partition], timeout: Self.limit).map(\.offset) == [KafkaOffset.invalid])
                try producer.beginTransaction()
                try producer.sendOffsets([PartitionOffset(partition, 2)], of: present, timeout: Self.limit)
                try producer.commitTransaction(timeout: Self.limit)
                #expect(try consumer.committed([partition], timeout: Self.limit).map(\.offset) == [2])
                consumer.close(limit: .seconds(10))
                producer.close(limit: .seconds(5))
            }
            #expect(try await cluster.records(of: topic).compactMap(\.text) == ["1", "2"])
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func `a producer that another has taken over from fails for good`(writesAgain: Bool) async throws {
        try await TestCluster.with { cluster in
            let topic = try await cluster.topic("fenced")
            let id = cluster.transactionalID("fenced")
            try await Blocking.run {
                let zombie = try producer(cluster, id)
                try zombie.beginTransaction()
                try text(topic, "zombie", by: zombie)
                try flush(zombie)
                let successor = try producer(cluster, id)
                try successor.beginTransaction()
                try text(topic, "successor", by: successor)
                try successor.commitTransaction(timeout: Self.limit)
                if writesAgain { try text(topic, "again", by: zombie) }
                var error = #expect(throws: KafkaError.self) { try zombie.commitTransaction(timeout: Self.limit) }
                if error?.requiresAbort == true {
                    // The partition refused it before the coordinator was asked.
                    error = #expect(throws: KafkaError.self) { try zombie.abortTransaction(timeout: Self.limit) }
                }
                #expect(error?.isFatal == true)
                #expect(zombie.fatalError != nil)
                zombie.close(limit: .seconds(5))
                successor.close(limit: .seconds(5))
            }
            #expect(try await cluster.records(of: topic).compactMap(\.text) == ["successor"])
        }
    }

    /// A consumer waits at an open transaction; its end wakes it, well before the fetch would have been over.
    @Test(.timeLimit(.minutes(1))) func `the end of a transaction wakes the consumers that wait for it`() async throws {
        try await TestCluster.with { cluster in
            let topic = try await cluster.topic("waiting")
            try await Blocking.run {
                let producer = try producer(cluster, cluster.transactionalID("waiting"))
                let consumer = try cluster.consumer(["fetch.wait.max.ms": "25000", "socket.timeout.ms": "40000"])
                try consumer.assign([PartitionOffset(TopicPartition(topic, 0), 0)])
                var values: [String] = []
                func read(_ count: Int, within limit: Duration) throws {
                    let deadline = ContinuousClock.now + limit
                    while values.count < count, ContinuousClock.now < deadline {
                        _ = try consumer.poll(timeout: .milliseconds(100)) {
                            values.append(Received($0, of: consumer).text ?? "null")
                        }
                        while consumer.nextEvent() != nil {}
                    }
                }
                try producer.beginTransaction()
                try text(topic, "first", by: producer)
                try producer.commitTransaction(timeout: Self.limit)
                try producer.beginTransaction()
                try text(topic, "second", by: producer)
                try flush(producer)
                try read(1, within: .seconds(20))
                try read(2, within: .milliseconds(500))
                #expect(values == ["first"])
                try producer.commitTransaction(timeout: Self.limit)
                try read(2, within: .seconds(20))
                #expect(values == ["first", "second"])
                consumer.close(limit: .seconds(5))
                producer.close(limit: .seconds(5))
            }
        }
    }
}
