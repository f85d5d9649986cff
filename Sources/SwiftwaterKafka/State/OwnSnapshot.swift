internal import LMDB
internal import Swiftwater

/// The snapshot that one thread reads a task's stores in: given up before each commit or at the end of a turn, renewed by the first
/// read after it.
final class OwnSnapshot: StateReading {
    private(set) var transaction: ReadTransaction
    private let task: String
    private let stores: [String]
    private let databases: [Database]
    private let room: UnsafeMutableRawBufferPointer
    private var isResting = false

    init(_ environment: Environment, task: String, stores: [String], databases: [Database]) throws(LMDBError) {
        transaction = try environment.read()
        self.task = task
        self.stores = stores
        self.databases = databases
        room = .allocate(byteCount: StoreKey.capacity, alignment: 8)
    }

    deinit {
        room.deallocate()
    }

    /// Lets the map move and pages be written again.
    func rest() {
        transaction.rest()
        isResting = true
    }

    /// Sees the last commit.
    func freshen() throws(LMDBError) {
        guard isResting else { return }
        try transaction.renew()
        isResting = false
    }

    // MARK: Reading

    func value(of key: UnsafeRawBufferPointer, in store: Int) throws -> UnsafeRawBufferPointer? {
        do throws(LMDBError) {
            try freshen()
            return try StoreReading.value(of: key, in: databases[store], transaction, room: room)
        } catch {
            throw failure("reading", store, error)
        }
    }

    func scan(
        _ store: Int,
        from: [UInt8]?,
        to: [UInt8]?,
        reverse: Bool,
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        do {
            try freshen()
            try StoreReading.scan(databases[store], transaction, from: from, to: to, reverse: reverse, body)
        } catch let error as LMDBError {
            throw failure("scanning", store, error)
        }
    }

    func approximateCount(of store: Int) throws -> Int {
        do throws(LMDBError) {
            try freshen()
            return try transaction.statistics(of: databases[store]).entries
        } catch {
            throw failure("counting", store, error)
        }
    }

    private func failure(_ doing: String, _ store: Int, _ error: LMDBError) -> StreamsError {
        StreamsError.state(doing, task: task, store: stores[store], error)
    }
}
