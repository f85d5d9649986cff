import RDKafka
import Testing

@Suite struct TransactionTests {
    private func member() throws -> (MockCluster, Producer, Consumer) {
        let cluster = try MockCluster(brokers: 1)
        for topic in ["in", "out"] { try cluster.createTopic(topic, partitions: 1) }
        let producer = try cluster.producer(["transactional.id": "tx", "transaction.timeout.ms": "10000"])
        try producer.initTransactions(timeout: .seconds(20))
        let consumer = try cluster.consumer("g")
        try consumer.subscribe(["in"])
        _ = try consumer.collect(
            until: { _, events in !events.isEmpty },
            answer: { event in
                if case .assigned(let partitions) = event {
                    try consumer.assign(partitions.map { PartitionOffset($0, KafkaOffset.invalid) })
                }
            })
        return (cluster, producer, consumer)
    }

    @Test func `a commit delivers the messages and takes offsets of a member`() throws {
        let (cluster, producer, consumer) = try member()
        try producer.beginTransaction()
        _ = try producer.send("out", 0, value: [1], token: 1)
        try producer.sendOffsets(
            [PartitionOffset(TopicPartition("in", 0), 7, metadata: "m")], of: consumer.groupMetadata(),
            timeout: .seconds(20))
        try producer.commitTransaction(timeout: .seconds(20))
        var deliveries: [Delivery] = []
        try producer.poll(timeout: .zero) { deliveries.append($0) }
        #expect(deliveries.map(\.token) == [1])
        #expect(deliveries.allSatisfy { $0.error == nil })
        // (The mock cluster answers to offsets in a transaction but does not keep them.)
        let reader = try cluster.consumer("r")
        try reader.assign("out", 0...0)
        let messages = try reader.collect(until: { messages, _ in !messages.isEmpty }).messages
        #expect(messages.map(\.value) == [[1]])
        reader.close(limit: .seconds(10))
        consumer.close(limit: .seconds(10))
        withExtendedLifetime(cluster) {}
    }

    @Test func `an abort gives the messages up and the next transaction goes on`() throws {
        let (cluster, producer, consumer) = try member()
        try producer.beginTransaction()
        _ = try producer.send("out", 0, value: [1], token: 1)
        try producer.abortTransaction(timeout: .seconds(20))
        var deliveries: [Delivery] = []
        try producer.poll(timeout: .seconds(1)) { deliveries.append($0) }
        #expect(deliveries.count == 1)
        try producer.beginTransaction()
        _ = try producer.send("out", 0, value: [2], token: 2)
        try producer.commitTransaction(timeout: .seconds(20))
        consumer.close(limit: .seconds(10))
        withExtendedLifetime(cluster) {}
    }

    @Test func `group metadata that does not fence is never sent`() throws {
        let (cluster, producer, consumer) = try member()
        try producer.beginTransaction()
        let offsets = [PartitionOffset(TopicPartition("in", 0), 1)]
        for metadata in [
            GroupMetadata(groupID: "g", generation: -1, memberID: ""),
            GroupMetadata(groupID: "g", generation: -1, memberID: "m"),
            GroupMetadata(groupID: "g", generation: 4, memberID: ""),
        ] {
            let error = try #require(throws: KafkaError.self) {
                try producer.sendOffsets(offsets, of: metadata, timeout: .seconds(5))
            }
            #expect(error.code == .illegalGeneration && error.requiresAbort)
        }
        #expect(throws: KafkaError.self) {
            try producer.sendOffsets([], of: consumer.groupMetadata(), timeout: .seconds(5))
        }
        try producer.abortTransaction(timeout: .seconds(20))
        consumer.close(limit: .seconds(10))
        withExtendedLifetime(cluster) {}
    }

    @Test func `an abortable error says so, and after the abort all is well`() throws {
        let (cluster, producer, consumer) = try member()
        try producer.beginTransaction()
        cluster.failNext(apiKey: 28, [.illegalGeneration])
        let error = try #require(throws: KafkaError.self) {
            try producer.sendOffsets(
                [PartitionOffset(TopicPartition("in", 0), 1)], of: consumer.groupMetadata(), timeout: .seconds(20))
        }
        #expect(error.code == .illegalGeneration)
        #expect(error.requiresAbort && !error.isFatal)
        try producer.abortTransaction(timeout: .seconds(20))
        try producer.beginTransaction()
        try producer.commitTransaction(timeout: .seconds(20))
        consumer.close(limit: .seconds(10))
        withExtendedLifetime(cluster) {}
    }

    @Test func `being fenced is fatal`() throws {
        let (cluster, producer, consumer) = try member()
        try producer.beginTransaction()
        _ = try producer.send("out", 0, value: [1])
        cluster.failNext(apiKey: 26, [.producerFenced])
        let error = try #require(throws: KafkaError.self) { try producer.commitTransaction(timeout: .seconds(20)) }
        #expect(error.isFatal && !error.isRetriable)
        #expect(producer.fatalError != nil)
        consumer.close(limit: .seconds(10))
    }

    @Test func `calls out of order are errors`() throws {
        let (cluster, producer, consumer) = try member()
        let error = try #require(throws: KafkaError.self) { try producer.commitTransaction(timeout: .seconds(5)) }
        #expect(error.code == .wrongState)
        consumer.close(limit: .seconds(10))
        withExtendedLifetime(cluster) {}
    }
}
