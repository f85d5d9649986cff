/// How often something was done, and how long it took.
public struct OperationCount: Sendable, Hashable {
    /// How often it was done, with what failed.
    public internal(set) var total = 0
    /// All of the time that it took, in nanoseconds; 0 unless the recording level is ``MetricsRecordingLevel/debug``.
    public internal(set) var nanoseconds: UInt64 = 0
    /// The longest that it took, in nanoseconds.
    public internal(set) var longestNanoseconds: UInt64 = 0

    mutating func add(_ other: OperationCount) {
        total += other.total
        nanoseconds &+= other.nanoseconds
        longestNanoseconds = max(longestNanoseconds, other.longestNanoseconds)
    }
}
