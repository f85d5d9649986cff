/// A record for a dead-letter topic (KIP-1034).
public struct DeadLetter: Sendable, Hashable {
    /// The topic, which must exist.
    public var topic: String
    /// The key's bytes.
    public var key: [UInt8]?
    /// The value's bytes.
    public var value: [UInt8]?
    /// The timestamp.
    public var timestamp: Timestamp
    /// The headers.
    public var headers: Headers

    /// Creates a letter; its partition follows from the key as with every record.
    public init(topic: String, key: [UInt8]?, value: [UInt8]?, timestamp: Timestamp, headers: Headers = Headers()) {
        self.topic = topic
        self.key = key
        self.value = value
        self.timestamp = timestamp
        self.headers = headers
    }

    /// A letter with a failed record as it was read, its headers and KIP-1034's, which say what happened and where.
    ///
    /// - Parameters:
    ///   - topic: the dead-letter topic.
    ///   - failure: what the handler was told.
    public init(topic: String, _ failure: some RecordFailure) {
        self.init(
            topic: topic,
            key: failure.origin.rawKey,
            value: failure.origin.rawValue,
            timestamp: failure.origin.timestamp,
            headers: failure.origin.headers
        )
        headers.append("__streams.errors.exception", "\(type(of: failure.error)): \(failure.error)")
        headers.append("__streams.errors.message", "\(failure.error)")
        headers.append("__streams.errors.stacktrace", Self.trace(of: failure))
        guard let metadata = failure.origin.metadata else { return }
        headers.append("__streams.errors.topic", metadata.topic)
        headers.append("__streams.errors.partition", "\(metadata.partition)")
        headers.append("__streams.errors.offset", "\(metadata.offset)")
    }

    /// Swift's errors carry no stack: the place in the topology and the chain of causes stand for it.
    private static func trace(of failure: some RecordFailure) -> String {
        var lines = ["\(failure.error)", "\tat node \(failure.node)", "\tat task \(failure.task)"]
        var cause = (failure.error as? StreamsError)?.cause
        while let error = cause {
            lines.append("caused by \(error)")
            cause = (error as? StreamsError)?.cause
        }
        return lines.joined(separator: "\n")
    }
}
