/// Why an administrative request for one topic failed, as the client is told.
struct TopicError: Error {
    var code: ErrorCode
    var message: String
}

extension TopicError {
    static let unknownTopic = TopicError(
        code: .unknownTopicOrPartition, message: "This server does not host this topic-partition.")
    static let noConfigs = TopicError(
        code: .invalidRequest, message: "Only topics and brokers have configurations here.")
    static let duplicateKeys = TopicError(code: .invalidRequest, message: "Error due to duplicate config keys")

    static func nullValue(_ name: String) -> TopicError {
        TopicError(code: .invalidRequest, message: "Null value not supported for : \(name)")
    }
}
