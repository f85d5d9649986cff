/// Which updates of a table are held back, and until when; the counterpart of `Suppressed`.
public struct Suppressed: Sendable {
    enum Limit: Sendable {
        case windowClose
        case time(Duration)
    }

    let limit: Limit
    /// How much may be held back.
    public var buffer: SuppressionBuffer
    /// The node's name; the buffer's store is called after it.
    public var name: String?

    /// Only the last result of each window, when it has closed: stream time has passed its end and the grace (S-63).
    ///
    /// For tables of windowed aggregates only. A bounded buffer must shut down when it is full: a result is final or not told.
    public static func untilWindowCloses(_ buffer: SuppressionBuffer = .unbounded, named: String? = nil) -> Suppressed {
        Suppressed(limit: .windowClose, buffer: buffer, name: named)
    }

    /// At most one update of a key in each span of stream time.
    public static func untilTimeLimit(
        _ duration: Duration,
        _ buffer: SuppressionBuffer = .unbounded,
        named: String? = nil
    ) -> Suppressed {
        Suppressed(limit: .time(duration), buffer: buffer, name: named)
    }
}
