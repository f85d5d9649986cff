/// A request that can be answered with an error alone. What is neither that nor has a `FailableResponse` is refused by cutting its
/// connection.
protocol RefusableRequest: APIRequest {
    /// The topics it names, by which a fault may choose it.
    var topicNames: [String] { get }

    /// The error everywhere where the answer has one; nil if the protocol has no answer.
    func refusal(_ error: ErrorCode) -> Response?
}

extension RefusableRequest {
    var topicNames: [String] { [] }
}
