/// How often the effects of a record count when processes crash (`processing.guarantee`).
public enum ProcessingGuarantee: String, Sendable, Hashable {
    /// Nothing is lost; what was processed since the last commit may be processed, and written, again.
    case atLeastOnce = "at_least_once"
    /// Outputs, state and offsets of a commit interval count together or not at all (KIP-129, KIP-447).
    case exactlyOnce = "exactly_once_v2"
}
