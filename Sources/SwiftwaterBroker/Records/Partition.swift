import Synchronization

/// A partition's log and the long polls that wait for it to grow.
final class Partition: Sendable {
    let log: PartitionLog
    private let waits = Mutex<[ObjectIdentifier: FetchWait]>([:])

    init(log: PartitionLog) { self.log = log }

    func add(_ wait: FetchWait) { waits.withLock { $0[ObjectIdentifier(wait)] = wait } }
    func remove(_ wait: FetchWait) { waits.withLock { $0[ObjectIdentifier(wait)] = nil } }

    /// To be called after every append, and when the partition goes away.
    func wake() {
        for wait in waits.withLock({ Array($0.values) }) { wait.signal() }
    }
}
