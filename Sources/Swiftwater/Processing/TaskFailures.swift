/// What becomes of a task's records that fail: asks the handlers, counts what is left out, writes dead letters.
///
/// The only place that does so. Whatever it throws is a `StreamsError`, which passes through the nodes unchanged, so that a
/// failure is handled once, by the node where it happened.
@usableFromInline
package final class TaskFailures {
    private unowned let context: TaskContext
    private var topics: [String: OutputTopic] = [:]
    private var letterCount: Int32 = 0
    /// Reads the record that is being processed once more, as bytes; set by the task.
    var current: () -> (batch: RecordBatch, index: Int)? = { nil }

    init(context: TaskContext) {
        self.context = context
    }

    /// Looks for the dead-letter topic, so that a missing one shows at the start and not at the first failure.
    func prepare() throws {
        if let topic = context.settings.deadLetterTopic { _ = try handle(of: topic) }
    }

    // MARK: Kinds of failures

    func deserialization(
        _ error: any Error, _ batch: RecordBatch, _ index: Int, at metadata: RecordMetadata, node: String
    )
        throws
    {
        // Not the record's fault, such as a schema registry that is down: it is read again at the next start.
        if error is StreamsError { throw error }
        let failure = DeserializationFailure(
            origin: origin(batch, index, metadata),
            task: context.taskID,
            node: node,
            error: error
        )
        let response = try asking(failure) { try context.settings.deserializationHandler.handle(failure) }
        try apply(response, failure, .deserialization, metadata) {
            StreamsError(
                .deserialization,
                "a record cannot be read; mend the producer or the serde, or set a handler that goes on (.logAndContinue)",
                at: .init(
                    task: context.taskID.description,
                    node: node,
                    topic: metadata.topic,
                    partition: metadata.partition,
                    offset: metadata.offset
                ),
                cause: error
            )
        }
    }

    func processing(_ error: any Error, node: String, record: Record<Any, Any>?) throws {
        if error is StreamsError { throw error }
        let failure = ProcessingFailure(
            origin: origin(timestamp: record?.timestamp ?? context.timestamp),
            task: context.taskID,
            node: node,
            error: error,
            record: record
        )
        let response = try asking(failure) { try context.settings.processingHandler.handle(failure) }
        try apply(response, failure, .processing, context.recordMetadata) {
            StreamsError(
                .processing,
                "the function of the operator threw",
                at: context.place(node: node),
                cause: error
            )
        }
    }

    func serialization(
        _ error: any Error,
        node: String,
        topic: String,
        component: SerdeContext.Component,
        record: Record<Any, Any>
    ) throws {
        if error is StreamsError { throw error }
        let failure = SerializationFailure(
            origin: origin(timestamp: record.timestamp),
            task: context.taskID,
            node: node,
            error: error,
            topic: topic,
            component: component,
            record: record
        )
        let response = try asking(failure) { try context.settings.productionHandler.handle(failure) }
        try apply(response, failure, .production, context.recordMetadata) {
            var place = context.place(node: node)
            place.topic = topic
            return StreamsError(.serialization, "the record cannot be written as bytes", at: place, cause: error)
        }
    }

    /// What becomes of a record that the output could not send; true if it is to be sent again.
    ///
    /// For the sinks, and for a runtime that learns of it from a report.
    package func production(_ failure: ProductionFailure) throws -> Bool {
        let response = try asking(failure) { try context.settings.productionHandler.handle(failure) }
        if response.action == .retry, failure.isRetriable { return true }
        let answer = ExceptionResponse(
            action: response.action == .resume ? .resume : .fail,
            deadLetters: response.deadLetters
        )
        try apply(answer, failure, .production, failure.origin.metadata) {
            StreamsError(
                .production,
                "a record was not delivered; mend the cause, or set a handler that goes on (.logAndContinue)",
                at: .init(
                    task: failure.task.description,
                    node: failure.node,
                    topic: failure.topic,
                    partition: failure.partition
                ),
                cause: failure.error
            )
        }
        return false
    }

    /// What is known of the record that is being processed; of one that was held back and is told now no bytes as they were read.
    func origin(timestamp: Timestamp) -> RecordOrigin {
        guard let metadata = context.recordMetadata, let (batch, index) = current(),
            batch.offset(at: index) == metadata.offset
        else {
            return RecordOrigin(metadata: context.recordMetadata, timestamp: timestamp)
        }
        return origin(batch, index, metadata)
    }

    private func origin(_ batch: RecordBatch, _ index: Int, _ metadata: RecordMetadata) -> RecordOrigin {
        RecordOrigin(
            metadata: metadata,
            timestamp: batch.timestamp(at: index),
            headers: batch.headers(at: index),
            rawKey: batch.key(at: index),
            rawValue: batch.value(at: index)
        )
    }

    // MARK: Answers

    /// A handler that throws ends the application, with both errors (E-06).
    private func asking<Response>(_ failure: some RecordFailure, _ ask: () throws -> Response) throws -> Response {
        do {
            return try ask()
        } catch {
            throw StreamsError(
                .processing,
                "the exception handler threw: \(error)",
                at: context.place(node: failure.node),
                cause: failure.error
            )
        }
    }

    private func apply(
        _ response: ExceptionResponse,
        _ failure: some RecordFailure,
        _ reason: DropReason,
        _ metadata: RecordMetadata?,
        error: () -> StreamsError
    ) throws {
        if let letters = response.deadLetters {
            for letter in letters { try send(letter) }
        } else if let topic = context.settings.deadLetterTopic {
            try send(DeadLetter(topic: topic, failure))
        }
        switch response.action {
        case .resume: context.dropped.add(reason, node: failure.node, record: metadata, cause: failure.error)
        case .fail: throw error()
        }
    }

    // MARK: Dead letters

    private func send(_ letter: DeadLetter) throws {
        let topic = try handle(of: letter.topic)
        try (letter.key ?? []).withUnsafeBytes { key in
            try (letter.value ?? []).withUnsafeBytes { value in
                let partition: Int32
                if letter.key != nil {
                    partition = DefaultPartitioner.partition(of: key, count: topic.partitionCount)
                } else {
                    partition = letterCount % topic.partitionCount
                    letterCount = (letterCount + 1) & 0xff_ffff
                }
                try context.output.send(
                    to: topic,
                    partition: partition,
                    key: letter.key == nil ? nil : key,
                    value: letter.value == nil ? nil : value,
                    timestamp: letter.timestamp,
                    headers: letter.headers
                )
            }
        }
    }

    private func handle(of name: String) throws -> OutputTopic {
        if let known = topics[name] { return known }
        let topic = try context.output.topic(named: name)
        topics[name] = topic
        return topic
    }
}
