/// Windows that records define: each window that holds some set of records no further apart than a difference (KIP-450).
///
/// Start and end are inclusive and `timeDifference` apart. Records without a value are dropped (S-16).
public struct SlidingWindows: Sendable {
    /// How far apart the records of a window may be.
    public var timeDifference: Duration
    /// How long after its end a window still takes records.
    public var grace: Duration

    /// Windows of records no further apart than a difference.
    public init(timeDifference: Duration, grace: Duration = .zero) {
        self.timeDifference = timeDifference
        self.grace = grace
    }

    /// Windows of records no further apart than a difference.
    public static func sliding(_ timeDifference: Duration, grace: Duration = .zero) -> SlidingWindows {
        SlidingWindows(timeDifference: timeDifference, grace: grace)
    }
}
