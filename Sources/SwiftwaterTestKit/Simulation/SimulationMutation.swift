/// A mistake that a member can be told to make, to see that the simulation notices.
package enum SimulationMutation: String, CaseIterable, Sendable {
    /// Offsets go into the transaction without generation and member, which Kafka takes from anyone.
    case sendsNoGeneration
    /// Transactions carry no offsets, and so are not fenced.
    case sendsNoOffsets
    /// A task that comes back goes on without a look at what happened meanwhile.
    case resumesUnchecked
    /// A restore waits for the record before the end, which may be a marker.
    case restoresByPosition
    /// Stores are written before the commit.
    case storesFirst
    /// A report without an offset is taken as offset 0.
    case missingOffsetIsZero
}
