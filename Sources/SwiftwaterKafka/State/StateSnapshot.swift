internal import LMDB
internal import Swiftwater
internal import Synchronization

/// The committed state of a task at one moment, for queries on any thread.
///
/// It neither blocks the task's thread nor is blocked by it, but keeps the map from growing: a query ends in good time.
package final class StateSnapshot: @unchecked Sendable {
    // Unchecked: LMDB allows one thread at a time in a transaction, which `isReading` sees to.
    package let task: String
    package let stores: [String]
    private let databases: [Database]
    private let transaction: ReadTransaction
    private let isReading = Mutex<Void>(())

    init(_ transaction: consuming ReadTransaction, task: String, stores: [String], databases: [Database]) {
        self.task = task
        self.stores = stores
        self.databases = databases
        self.transaction = transaction
    }

    /// The value of a key, copied.
    package func value(of key: [UInt8], in store: Int) throws -> [UInt8]? {
        try reading("reading", store) { snapshot throws in
            try withUnsafeTemporaryAllocation(byteCount: StoreKey.capacity, alignment: 8) { room in
                try key.withUnsafeBytes { key in
                    try StoreReading.value(of: key, in: databases[store], snapshot, room: room).map { Array($0) }
                }
            }
        }
    }

    /// Calls `body` for the entries with `from <= key <= to` in order until it returns false; the bytes are valid inside the call only.
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

    private func reading<Result>(
        _ doing: String,
        _ store: Int,
        _ body: (borrowing ReadTransaction) throws -> Result
    ) throws -> Result {
        do {
            return try isReading.withLock { _ in try body(transaction) }
        } catch let error as LMDBError {
            throw StreamsError.state(doing, task: task, store: stores[store], error)
        }
    }
}
