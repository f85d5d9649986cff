/// What became of one topic or group of a request.
package struct AdminResult: Sendable {
    /// The topic's or group's name.
    package var name: String
    package var error: KafkaError?
}

extension [AdminResult] {
    /// Throws the first error, except such as the caller takes for a success (`topicAlreadyExists`).
    package func check(except accepted: Set<KafkaErrorCode> = []) throws(KafkaError) {
        for result in self {
            if let error = result.error, !accepted.contains(error.code) { throw error }
        }
    }
}
