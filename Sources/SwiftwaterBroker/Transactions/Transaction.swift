// One transactional id, as a state machine: events in, decisions out, the time (milliseconds since 1970) is an argument.
//
//           AddPartitions,              EndTxn, time-out,               every marker
//           AddOffsets                  or a successor                  is written
//   Empty ----------------> Ongoing --------------------> Prepare… ------------------> Complete…
//                              ^                                                           |
//                              +-----------------------------------------------------------+
//
// An event does not change the value: its decision holds the next one, which counts only when it is in the log. Prepare is the point of
// no return: from there on, and after any crash, the transaction is driven to the end that was decided.
//
// Each successor gets the next epoch, which shuts the predecessors out. When a transaction is aborted over its owner's head (by its
// time-out, or because a successor registers while it is open), its markers carry an epoch that nobody was ever given: so the owner is
// shut out also of the partitions that it wrote to.
//
// The rules are those of Apache Kafka's coordinator before its second transaction protocol (KIP-890), which clients ask for with
// versions that this broker does not offer.

struct Transaction: Equatable, Sendable {
    struct Partition: Hashable, Comparable, Sendable {
        var topic: String
        var index: Int32

        static func < (one: Partition, other: Partition) -> Bool {
            (one.topic, one.index) < (other.topic, other.index)
        }
    }

    /// Who sends a request: a producer id and the epoch it was given.
    struct Producer: Equatable, Sendable {
        var id: Int64
        var epoch: Int16
    }

    static let noEpoch: Int16 = -1
    /// The epoch above it is left for shutting its owner out.
    static let lastEpoch = Int16.max - 1

    let id: String
    var producer: Producer
    /// What the present owner had before it asked for a new epoch; with it, a repeated request is known. Without, nobody asked.
    var predecessor = Producer(id: -1, epoch: noEpoch)
    /// `transaction.timeout.ms` of the owner.
    var timeout: Int32
    var state = TransactionState.empty
    var partitions: Set<Partition> = []
    /// The groups whose offsets take part.
    var groups: Set<String> = []
    /// When the transaction began, or -1.
    var startedAt: Int64 = -1
    var updatedAt: Int64

    init(id: String, producerID: Int64, timeout: Int32, now: Int64) {
        self.id = id
        self.producer = Producer(id: producerID, epoch: Self.noEpoch)
        self.timeout = timeout
        self.updatedAt = now
    }

    var isCommitting: Bool { state == .prepareCommit }

    /// When `tick` has something to decide; nil if not as it stands.
    func deadline(_ configuration: TransactionConfiguration) -> Int64? {
        switch state {
        case .ongoing: startedAt + Int64(timeout)
        case .prepareCommit, .prepareAbort: nil
        case .empty, .completeCommit, .completeAbort: updatedAt + configuration.expiration
        }
    }
}
