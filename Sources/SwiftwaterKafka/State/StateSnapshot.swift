internal import LMDB
package import Swiftwater

/// The committed state of a task at one moment, for queries on any thread.
///
/// It neither blocks the task's thread nor is blocked by it, but keeps the map from growing: a query ends in good time.
package final class StateSnapshot: StateReading, @unchecked Sendable {
    // Unchecked: LMDB allows one thread at a time in a transaction. A query makes, reads and ends its snapshot on one thread;
    // whoever hands one over hands it over whole.
    package let task: String
    package let stores: [String]
    private let databases: [Database]
    private let metadata: Database
    private let room: UnsafeMutableRawBufferPointer
    /// Nil once ended.
    private var held: Held?

    private final class Held {
        let transaction: ReadTransaction
        private let view: OpenViews.View

        init(_ transaction: consuming ReadTransaction, _ view: OpenViews.View) {
            self.transaction = transaction
            self.view = view
        }
    }

    init(
        _ transaction: consuming ReadTransaction,
        task: String,
        stores: [String],
        databases: [Database],
        metadata: Database,
        view: OpenViews.View
    ) {
        self.task = task
        self.stores = stores
        self.databases = databases
        self.metadata = metadata
        room = .allocate(byteCount: StoreKey.capacity, alignment: 8)
        held = Held(transaction, view)
    }

    deinit {
        room.deallocate()
    }

    /// Gives the snapshot back; every read after it throws, and no byte it gave out is valid any more.
    package func end() {
        held = nil
    }

    /// The value of a key, in the map; valid until the snapshot ends.
    package func value(of key: UnsafeRawBufferPointer, in store: Int) throws -> UnsafeRawBufferPointer? {
        try reading("reading", store) { snapshot throws in
            try StoreReading.value(of: key, in: databases[store], snapshot, room: room)
        }
    }

    package func scan(
        _ store: Int,
        from: [UInt8]? = nil,
        to: [UInt8]? = nil,
        reverse: Bool = false,
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        try reading("scanning", store) { snapshot throws in
            try StoreReading.scan(databases[store], snapshot, from: from, to: to, reverse: reverse, body)
        }
    }

    package func approximateCount(of store: Int) throws -> Int {
        try reading("counting", store) { snapshot throws in
            try snapshot.statistics(of: databases[store]).entries
        }
    }

    /// What the commit that the snapshot shows has recorded.
    package func checkpoint() throws -> TaskCheckpoint {
        try reading("reading the checkpoint", nil) { snapshot throws in
            try CheckpointRecords.read(snapshot, metadata, stores: stores)
        }
    }

    private func reading<Result>(
        _ doing: String,
        _ store: Int?,
        _ body: (borrowing ReadTransaction) throws -> Result
    ) throws -> Result {
        let name = store.map { stores[$0] }
        guard let held else {
            throw StreamsError.queryIsOver(task: task, store: name)
        }
        do {
            return try body(held.transaction)
        } catch let error as LMDBError {
            throw StreamsError.state(doing, task: task, store: name, error)
        }
    }
}
