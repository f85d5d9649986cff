/// Where a source begins if its group has no committed offset; the counterpart of `AutoOffsetReset`.
public enum OffsetReset: Sendable, Hashable {
    /// At the first record that the partition still has; the default.
    case earliest
    /// At the end: only records that come after the start.
    case latest
    /// At the first record that is younger than this by the wall clock, at the end if there is none (KIP-1106).
    case byDuration(Duration)
    /// Nowhere: a missing offset is an error.
    case none
}
