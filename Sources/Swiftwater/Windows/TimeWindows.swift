/// Windows of a fixed size, aligned to the epoch: tumbling, or hopping where they begin more often than they end (S-48).
///
/// Starts are inclusive, ends exclusive; no window begins before the epoch. The counterpart of `TimeWindows` and its
/// `advanceBy`.
public struct TimeWindows: Windows {
    /// How long a window is.
    public var size: Duration
    /// How long after its end a window still takes records.
    public var grace: Duration
    /// How far apart windows begin; equal to the size for tumbling windows.
    public var advance: Duration

    let sizeMilliseconds: Int64
    let advanceMilliseconds: Int64

    /// Windows of a size, which begin every `advance`; nil makes them tumbling.
    public init(size: Duration, advance: Duration? = nil, grace: Duration = .zero) {
        self.size = size
        self.grace = grace
        self.advance = advance ?? size
        self.sizeMilliseconds = size.milliseconds
        self.advanceMilliseconds = (advance ?? size).milliseconds
    }

    /// Calls `body` for each window that a time belongs to, the earliest start first.
    @inline(__always)
    public func forEachWindow(containing timestamp: Timestamp, _ body: (Window) throws -> Void) throws {
        let time = timestamp.rawValue
        var start = max(0, time - sizeMilliseconds + advanceMilliseconds) / advanceMilliseconds * advanceMilliseconds
        while start <= time {
            let end = start.addingCapped(sizeMilliseconds)
            try body(Window(start: Timestamp(rawValue: start), end: Timestamp(rawValue: end)))
            let (next, isOver) = start.addingReportingOverflow(advanceMilliseconds)
            if isOver { return }
            start = next
        }
    }
}

extension Windows where Self == TimeWindows {
    /// Windows that follow each other without gap or overlap.
    public static func tumbling(_ size: Duration, grace: Duration = .zero) -> TimeWindows {
        TimeWindows(size: size, grace: grace)
    }

    /// Windows of a size that begin every `advance`, so that a record belongs to several.
    public static func hopping(_ size: Duration, advance: Duration, grace: Duration = .zero) -> TimeWindows {
        TimeWindows(size: size, advance: advance, grace: grace)
    }
}
