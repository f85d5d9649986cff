/// Why an administrative request for one topic failed, as the client is told.
struct TopicError: Error {
    var code: ErrorCode
    var message: String
}
