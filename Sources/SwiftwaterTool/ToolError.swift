import RDKafka

/// A failure as the user reads it: one line of what, and what to do about it.
struct ToolError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }

    init(_ error: KafkaError, addresses: String) {
        description = "\(error)"
        if let advice = Self.advice(error.code, addresses) { description += "; \(advice)" }
    }

    private static func advice(_ code: KafkaErrorCode, _ addresses: String) -> String? {
        switch code {
        case .transport, .allBrokersDown, .resolve, .timedOut:
            "is a broker running at \(addresses)? (see --bootstrap-servers)"
        case .unknownTopicOrPartition, .localUnknownTopic:
            "make the topic with 'swiftwater topics create', or look for it with 'swiftwater topics list'"
        case .localUnknownPartition:
            "'swiftwater topics describe' shows the partitions"
        case .topicAlreadyExists:
            "use --if-not-exists to take this for a success"
        case .invalidTopic:
            "a name has 1 to 249 of the characters a-z A-Z 0-9 . _ -"
        default:
            nil
        }
    }
}
