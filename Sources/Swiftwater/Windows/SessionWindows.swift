/// Windows of activity: records no further apart than a gap are one session, and sessions grow together (S-52).
///
/// Start and end are the times of the first and the last record, both inclusive. The counterpart of `SessionWindows`.
public struct SessionWindows: Sendable {
    /// How far apart two records of a session may be; exactly this far is still one session.
    public var inactivityGap: Duration
    /// How long after a session could have been continued it still takes records.
    public var grace: Duration

    /// Sessions that end after a gap without records.
    public init(inactivityGap: Duration, grace: Duration = .zero) {
        self.inactivityGap = inactivityGap
        self.grace = grace
    }

    /// Sessions that end after a gap without records.
    public static func session(gap: Duration, grace: Duration = .zero) -> SessionWindows {
        SessionWindows(inactivityGap: gap, grace: grace)
    }
}
