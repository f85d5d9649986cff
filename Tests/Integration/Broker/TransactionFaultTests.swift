import RDKafka
import Testing

/// Faults in the midst of transactions; never a cluster of the user.
@Suite(.integration, .enabled(if: TestCluster.given == nil, "is about the embedded broker"))
struct TransactionFaultTests {
    private static func retrying(_ body: () throws(KafkaError) -> Void) throws(KafkaError) {
        let deadline = ContinuousClock.now + TestCluster.limit
        while true {
            do throws(KafkaError) {
                return try body()
            } catch  where error.isRetriable && ContinuousClock.now < deadline {}
        }
    }

    @Test(
        .timeLimit(.minutes(2)),
        arguments: [
            "refuse 15 api=FindCoordinator", "refuse 14 api=InitProducerId", "refuse 51 api=AddPartitionsToTxn",
            "refuse 16 api=EndTxn", "lose-answer api=InitProducerId", "lose-answer api=AddPartitionsToTxn",
            "lose-answer api=Produce", "lose-answer api=EndTxn", "misreport 14 api=EndTxn", "cut api=EndTxn",
        ])
    func `a transaction is committed once whatever becomes of its requests`(fault: String) async throws {
        try await FaultyBroker.with { broker in
            let cluster = broker.cluster
            let topic = try await cluster.topic("transactions")
            let id = try await broker.tell("\(fault) count=2")
            try await Blocking.run {
                let producer = try cluster.producer(["transactional.id": "t-\(topic)", "retry.backoff.ms": "20"])
                try Self.retrying { () throws(KafkaError) in
                    try producer.initTransactions(timeout: TestCluster.limit)
                }
                let handle = try producer.topic(topic)
                for number in 0..<3 {
                    try producer.beginTransaction()
                    let value = Array("value \(number)".utf8)
                    _ = try value.withUnsafeBytes {
                        try producer.produce(to: handle, partition: 0, key: nil, value: $0)
                    }
                    try Self.retrying { () throws(KafkaError) in
                        try producer.commitTransaction(timeout: TestCluster.limit)
                    }
                }
                producer.close(limit: .seconds(5))
            }
            #expect(try await broker.tell("taken \(id)") == 2)
            let values = try await cluster.records(of: topic).compactMap(\.text)
            #expect(values == ["value 0", "value 1", "value 2"])
        }
    }
}
