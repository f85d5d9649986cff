/// Where a consumer group stands.
package enum GroupState: UInt32, Sendable {
    case unknown = 0
    case preparingRebalance = 1
    case completingRebalance = 2
    case stable = 3
    case dead = 4
    case empty = 5
}
