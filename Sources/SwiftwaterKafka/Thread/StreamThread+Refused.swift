internal import RDKafka
internal import Swiftwater

extension StreamThread {
    /// Lets a task send: what comes back is brought to it.
    @inline(__always)
    func sending(_ task: RunningTask) {
        output.sender = DeliveryToken.Sender(task.id)
    }

    /// Asks the production handler about a record that the broker refused; throws if it is not to be left out (E-03).
    func judge(_ record: RefusedRecord) throws {
        // A letter about a letter would go round for ever.
        guard let task = tasks[record.task], record.topic != configuration.deadLetterTopic else {
            throw failure(record)
        }
        let failure = ProductionFailure(
            // The record that was read then is long gone.
            origin: RecordOrigin(
                metadata: nil, timestamp: record.timestamp, rawKey: record.key, rawValue: record.value),
            task: record.task,
            node: sink(writing: record.topic),
            error: record.error,
            topic: record.topic,
            partition: record.partition,
            key: record.key,
            value: record.value,
            isRetriable: false
        )
        _ = try task.task.context.failures.production(failure)
        guard producer.isTransactional else { return }
        throw StreamsError(
            .production,
            """
            the broker refused a record, which ends the transaction that it was in: under exactly-once it cannot be left out. Let \
            the topic take it (max.message.bytes, ACLs), or do not send it
            """,
            at: .init(task: record.task.description, topic: record.topic, partition: record.partition),
            cause: record.error
        )
    }

    private func failure(_ record: RefusedRecord) -> StreamsError {
        StreamsError(
            .production, "a record was not delivered",
            at: .init(task: record.task.description, topic: record.topic, partition: record.partition),
            cause: record.error)
    }

    private func sink(writing topic: String) -> String {
        context.topology.nodes.first { node in
            if case .sink(topic, _) = node.kind { true } else { false }
        }?.name ?? topic
    }
}
