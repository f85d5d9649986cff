import RDKafka

/// A producer and what became of its records.
final class RecordSender {
    private let producer: Producer
    private let topic: TopicHandle
    private var acknowledged = 0
    private var failure: KafkaError?

    init(_ configuration: KafkaConfiguration, topic name: String) throws {
        producer = try Producer(configuration)
        topic = try producer.topic(name)
        _ = try producer.partitionCount(topic, timeout: PartContext.patience)
    }

    /// Waits while the queue is full.
    func send(
        _ partition: Int32, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?, timestamp: Int64? = nil
    ) throws {
        while true {
            let outcome = try producer.produce(
                to: topic, partition: partition, key: key, value: value, timestamp: timestamp)
            if case .queued = outcome { return }
            try producer.poll(timeout: .milliseconds(20)) { take($0) }
            try check()
        }
    }

    /// Takes the reports that are there.
    func poll() throws {
        try producer.poll(timeout: .zero) { take($0) }
        try check()
    }

    /// Waits until all is acknowledged.
    func finish(expecting count: Int) throws {
        let limit = ContinuousClock.now + PartContext.patience
        while try !producer.flush(timeout: .seconds(1), into: { take($0) }) {
            try check()
            guard ContinuousClock.now < limit else {
                throw BenchError("\(count - acknowledged) records were not acknowledged in time")
            }
        }
        try check()
        guard acknowledged == count else {
            throw BenchError("\(acknowledged) of \(count) records were acknowledged")
        }
    }

    private func take(_ delivery: Delivery) {
        if let error = delivery.error { failure = failure ?? error } else { acknowledged += 1 }
    }

    private func check() throws {
        if let failure { throw failure }
    }
}
