import RDKafka

/// A consumer of the input topic that is told which partitions to read.
final class RecordReader {
    let consumer: Consumer
    private var deadline = ContinuousClock.now + PartContext.patience

    init(_ configuration: KafkaConfiguration) throws {
        consumer = try Consumer(configuration, batchSize: PartContext.batchSize)
    }

    /// Once more, from its first record on.
    func read(_ partitions: [TopicPartition]) throws {
        try consumer.assign(partitions.map { PartitionOffset($0, KafkaOffset.beginning) })
    }

    /// Hands over what is there or comes within a tenth of a second.
    /// - Returns: how many messages those were.
    func poll(
        _ receive: (borrowing Message) -> Void, answer: (ConsumerEvent) throws -> Void = { _ in }
    ) throws -> Int {
        let count = try consumer.poll(timeout: .milliseconds(100), into: receive)
        while let event = consumer.nextEvent() {
            if case .failed(let error, _) = event, !error.isRetriable { throw error }
            try answer(event)
        }
        let now = ContinuousClock.now
        if count > 0 { deadline = now + PartContext.patience }
        guard now < deadline else { throw BenchError("no record came for \(PartContext.patience)") }
        return count
    }
}
