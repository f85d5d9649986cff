/// What the two sides of a stream-stream join know of time together: one object a task.
final class JoinTimes {
    /// The latest time of a record on either side.
    var streamTime: Int64 = -1
    /// No unmatched record that waits is earlier; nil before the first look.
    var earliestWaiting: Int64?
    /// When unmatched results are looked for again, by the wall clock (S-72).
    var nextLook = Timestamp(rawValue: .min)
}
