public import Swiftwater

/// A punctuation that a processor scheduled with a ``MockProcessorContext``; it runs when the test calls it.
public struct MockPunctuation {
    /// How often it would be called.
    public let interval: Duration
    private let handle: Cancellable
    private let body: (Timestamp) throws -> Void

    init(interval: Duration, handle: Cancellable, _ body: @escaping (Timestamp) throws -> Void) {
        self.interval = interval
        self.handle = handle
        self.body = body
    }

    /// Whether the processor has called it off.
    public var isCancelled: Bool { handle.isCancelled }

    /// Runs it as at a time: there is no current record in it.
    public func punctuate(at time: Timestamp) throws {
        try body(time)
    }
}
