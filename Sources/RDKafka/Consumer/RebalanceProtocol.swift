/// How a group hands partitions over; `none` before it was joined.
package enum RebalanceProtocol: String, Sendable {
    case none = "NONE"
    /// All partitions are revoked before any is assigned.
    case eager = "EAGER"
    case cooperative = "COOPERATIVE"
}
