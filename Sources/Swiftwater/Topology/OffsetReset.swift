/// Where a source begins if its group has no committed offset; the counterpart of `AutoOffsetReset`.
public enum OffsetReset: Sendable, Hashable {
    /// At the first record that the partition still has; the default.
    case earliest
    /// At the end: only records that come after the start.
    case latest
    /// Nowhere: a missing offset is an error.
    case none
}
