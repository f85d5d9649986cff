internal import Swiftwater

/// The committed state of a task's stores in memory at one moment, for a query on one thread.
final class MemorySnapshot: StateReading {
    /// What the commit that it shows has recorded.
    let checkpoint: TaskCheckpoint
    private let task: String
    private let stores: [String]
    /// Nil once ended.
    private var held: InMemoryStateBackend?

    init(_ state: InMemoryStateBackend, task: String, stores: [String]) {
        checkpoint = state.checkpoint()
        self.task = task
        self.stores = stores
        held = state
    }

    /// Gives the snapshot back; every read after it throws, and no byte it gave out is valid any more.
    func end() {
        held = nil
    }

    func value(of key: UnsafeRawBufferPointer, in store: Int) throws -> UnsafeRawBufferPointer? {
        try reading(store).value(of: key, in: store)
    }

    func scan(
        _ store: Int,
        from: [UInt8]?,
        to: [UInt8]?,
        reverse: Bool,
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        try reading(store).scan(store, from: from, to: to, reverse: reverse, body)
    }

    func approximateCount(of store: Int) throws -> Int {
        try reading(store).approximateCount(of: store)
    }

    private func reading(_ store: Int) throws -> InMemoryStateBackend {
        guard let held else { throw StreamsError.queryIsOver(task: task, store: stores[store]) }
        return held
    }
}
