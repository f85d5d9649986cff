/// What Kafka or librdkafka refused, and what was being tried when it did.
package struct KafkaError: Error, Hashable, Sendable {
    /// What the refused call was about, where one thing can be named.
    package enum Subject: Hashable, Sendable {
        case configuration(key: String, value: String)
        case topic(String)
        case partition(TopicPartition)
        case group(String)
    }

    package var code: KafkaErrorCode
    /// What was tried, as a phrase that follows "could not": `commit offsets`.
    package var operation: String
    package var message: String
    package var subject: Subject?
    /// The same call may succeed later.
    package var isRetriable: Bool
    /// The client is of no more use: recreate it.
    package var isFatal: Bool
    /// The transaction can go on only after it was aborted.
    package var requiresAbort: Bool

    package init(
        _ code: KafkaErrorCode, operation: String, message: String? = nil, subject: Subject? = nil,
        isRetriable: Bool? = nil, isFatal: Bool = false, requiresAbort: Bool = false
    ) {
        self.code = code
        self.operation = operation
        self.message = message ?? code.explanation
        self.subject = subject
        self.isRetriable = isRetriable ?? (code.isRetriable && !isFatal)
        self.isFatal = isFatal || code == .fatal
        self.requiresAbort = requiresAbort
    }

    static func closed(_ operation: String) -> KafkaError {
        KafkaError(.destroyed, operation: operation, message: "the client was closed", isRetriable: false)
    }
}

extension KafkaError: CustomStringConvertible {
    package var description: String {
        let about: String =
            switch subject {
            case .configuration(let key, let value): " (\(key)=\(value))"
            case .topic(let name): " (topic \(name))"
            case .partition(let partition): " (\(partition))"
            case .group(let name): " (group \(name))"
            case nil: ""
            }
        return "could not \(operation)\(about): \(message) [\(code.name)]"
    }
}
