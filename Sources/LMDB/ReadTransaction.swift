internal import CLMDB
internal import Glibc

/// A snapshot: what was committed when it began, whatever is written meanwhile.
///
/// It may move to another thread (every environment is opened with MDB_NOTLS) but serves one thread at a time. It takes a reader
/// slot and keeps the map from growing and freed pages from being used again: end it soon, or `rest()` it between uses.
@safe
package struct ReadTransaction: ~Copyable {
    package let environment: Environment
    private let pointer: OpaquePointer
    private var isResting = false

    init(_ environment: Environment) throws(LMDBError) {
        try environment.enter("beginning a read transaction")
        var pointer: OpaquePointer?
        let status = unsafe mdb_txn_begin(environment.handle, nil, UInt32(MDB_RDONLY), &pointer)
        guard status == MDB_SUCCESS, let pointer = unsafe pointer else {
            environment.leave()
            throw LMDBError(.init(rawValue: status), "beginning a read transaction", path: environment.path)
        }
        self.environment = environment
        unsafe self.pointer = pointer
    }

    deinit {
        // A resting transaction is not in the way of closing, and its slot in the reader table is gone with the environment. LMDB
        // would write to that slot; what is left of a reset reader is one block from calloc.
        if isResting && !environment.reenter() {
            unsafe free(UnsafeMutableRawPointer(pointer))
            return
        }
        unsafe mdb_txn_abort(pointer)
        environment.leave()
    }

    /// The commit this snapshot shows.
    package var number: UInt64 { unsafe UInt64(mdb_txn_id(pointer)) }

    var handle: TransactionHandle {
        assert(!isResting, "the snapshot was given up; renew it first")
        return unsafe TransactionHandle(pointer: pointer, environment: environment)
    }

    /// Gives the snapshot up but keeps its reader slot, so that `renew()` costs next to nothing.
    package mutating func rest() {
        guard !isResting else { return }
        isResting = true
        unsafe mdb_txn_reset(pointer)
        environment.leave()
    }

    /// Sees what is committed now.
    package mutating func renew() throws(LMDBError) {
        rest()
        try environment.enter("renewing a read transaction")
        let status = unsafe mdb_txn_renew(pointer)
        guard status == MDB_SUCCESS else {
            environment.leave()
            throw LMDBError(.init(rawValue: status), "renewing a read transaction", path: environment.path)
        }
        isResting = false
    }

    /// The value in the map itself; nothing is copied.
    @_lifetime(borrow self)
    package func get(_ key: RawSpan, in database: Database) throws(LMDBError) -> RawSpan? {
        guard let found = unsafe try handle.get(key, in: database) else { return nil }
        return unsafe _overrideLifetime(RawSpan(_unsafeBytes: found.bytes), borrowing: self)
    }

    /// A cursor before the first key.
    @_lifetime(borrow self)
    package func cursor(in database: Database) throws(LMDBError) -> Cursor {
        let cursor = unsafe Cursor(try CursorHandle(handle, database))
        return unsafe _overrideLifetime(cursor, borrowing: self)
    }

    package func statistics(of database: Database) throws(LMDBError) -> DatabaseStatistics {
        unsafe try handle.statistics(of: database)
    }
}
