/// How far apart in time two records may be to be joined, and how long after that late ones are waited for (KIP-633).
///
/// A right record matches if it is at most `before` earlier and at most `after` later than the left one, both inclusive.
/// Either may be negative as long as their sum is not.
public struct JoinWindows: Hashable, Sendable {
    /// How much earlier than the left record the right one may be.
    public var before: Duration
    /// How much later than the left record the right one may be.
    public var after: Duration
    /// How long after a window's end late records still find it; unmatched results wait that long.
    public var grace: Duration
    /// Whether left and outer joins tell a result without a match at once, and a match that comes later again.
    ///
    /// What Kafka Streams' deprecated `JoinWindows.of` does; off by default: they wait until the window has closed.
    public var emitsUnmatchedAtOnce: Bool

    /// A window on both sides of a record.
    public init(timeDifference: Duration, grace: Duration = .zero) {
        self.init(before: timeDifference, after: timeDifference, grace: grace)
    }

    /// A window that may differ before and after a record.
    public init(before: Duration, after: Duration, grace: Duration = .zero, emitsUnmatchedAtOnce: Bool = false) {
        self.before = before
        self.after = after
        self.grace = grace
        self.emitsUnmatchedAtOnce = emitsUnmatchedAtOnce
    }

    /// Records at most a time apart.
    public static func within(_ timeDifference: Duration, grace: Duration = .zero) -> JoinWindows {
        JoinWindows(timeDifference: timeDifference, grace: grace)
    }

    /// The same window with another bound before the record.
    public func before(_ before: Duration) -> JoinWindows {
        var copy = self
        copy.before = before
        return copy
    }

    /// The same window with another bound after the record.
    public func after(_ after: Duration) -> JoinWindows {
        var copy = self
        copy.after = after
        return copy
    }

    var size: Int64 { before.milliseconds + after.milliseconds }
}
