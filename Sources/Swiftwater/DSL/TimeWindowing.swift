/// The windows of a time-windowed aggregation, and what its store needs for them.
enum TimeWindowing: Sendable {
    case time(any Windows)
    case sliding(SlidingWindows)

    /// Whether a record's time alone decides its windows.
    var isOfTime: Bool {
        if case .time = self { true } else { false }
    }

    /// The length of a window, which its key is read with.
    var size: Duration {
        switch self {
        case .time(let windows): windows.size
        case .sliding(let windows): windows.timeDifference
        }
    }

    /// Tells the end of a window of its start; nil where all windows are of one size.
    var end: WindowEnd? {
        switch self {
        case .time(is TimeWindows), .sliding: nil
        case .time(let windows): { start in try windows.end(ofWindowFrom: start) }
        }
    }

    var grace: Duration {
        switch self {
        case .time(let windows): windows.grace
        case .sliding(let windows): windows.grace
        }
    }

    /// How keys in these windows are written to topics.
    func serde<Key>(_ key: Serde<Key>) -> Serde<Windowed<Key>> {
        switch self {
        case .time(let windows as TimeWindows): .timeWindowed(key, size: windows.size)
        case .time(let windows): .timeWindowed(key, of: windows)
        case .sliding(let windows): .timeWindowed(key, size: windows.timeDifference)
        }
    }

    /// How long a store must keep its windows at least (S-59).
    var retention: Int64 {
        let length =
            switch self {
            case .time(let windows): windows.size.milliseconds
            case .sliding(let windows): windows.timeDifference.milliseconds.multipliedCapped(by: 2)
            }
        let (sum, overflow) = length.addingReportingOverflow(grace.milliseconds)
        return overflow ? .max : sum
    }

    /// How wide the groups of a store are whose windows are emitted in the order of time when they close.
    var finalWidth: Int64 {
        switch self {
        case .time(let windows as TimeWindows): windows.advanceMilliseconds
        case .time: 1
        case .sliding(let windows): max(1, windows.timeDifference.milliseconds)
        }
    }

    /// Why these windows cannot work; nil if they can.
    var objection: String? {
        if grace < .zero { return "a grace of \(grace) is negative" }
        switch self {
        case .time(let windows as TimeWindows):
            if windows.sizeMilliseconds < 1 { return "windows of \(windows.size) are shorter than a millisecond" }
            if windows.advanceMilliseconds < 1 || windows.advanceMilliseconds > windows.sizeMilliseconds {
                return
                    "windows of \(windows.size) cannot begin every \(windows.advance): from a millisecond to their size is possible"
            }
        case .time(let windows):
            if windows.size.milliseconds < 1 { return "windows of \(windows.size) are shorter than a millisecond" }
        case .sliding(let windows):
            if windows.timeDifference < .zero { return "a time difference of \(windows.timeDifference) is negative" }
        }
        return nil
    }
}

extension Int64 {
    /// The product, or the largest number.
    func multipliedCapped(by factor: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? .max : product
    }
}
