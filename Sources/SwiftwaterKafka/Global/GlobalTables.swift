internal import Dispatch
internal import RDKafka
internal import Swiftwater
internal import Synchronization

/// What the global thread and the stream threads know of each other: when the tables are loaded, and who still reads them.
final class GlobalTables: Stoppable {
    private let source = Mutex<SnapshotSource?>(nil)
    private let stops = Atomic<Bool>(false)
    private let waker = Mutex<ConsumerWaker?>(nil)
    private let readers: Int
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameter readers: how many stream threads there are; each calls ``endReading()`` once.
    init(readers: Int) {
        self.readers = readers
    }

    var shouldStop: Bool { stops.load(ordering: .acquiring) }

    func stop() {
        stops.store(true, ordering: .releasing)
        waker.withLock { $0?.wake() }
    }

    func setWaker(_ waker: ConsumerWaker?) {
        self.waker.withLock { $0 = waker }
    }

    // MARK: Readers

    /// The tables for one stream thread; nil until they are loaded.
    func view() -> GlobalTableView? {
        snapshots.map { GlobalTableView($0) }
    }

    /// The tables for queries; nil until they are loaded.
    var snapshots: SnapshotSource? { source.withLock { $0 } }

    /// A stream thread reads no more.
    func endReading() {
        ended.signal()
    }

    // MARK: The global thread

    /// Lets the stream threads begin.
    func open(_ source: SnapshotSource) {
        self.source.withLock { $0 = source }
    }

    /// Returns when the last stream thread has ended: its last commit may look something up.
    func waitForReaders() {
        for _ in 0..<readers { ended.wait() }
    }
}
