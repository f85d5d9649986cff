/// How much is measured (`metrics.recording.level`).
public enum MetricsRecordingLevel: String, Sendable, Hashable, CaseIterable {
    /// Counts and sizes, which cost next to nothing.
    case info
    /// Also how long the operations of stores take: a clock is read twice for each.
    case debug
}
