internal import CLMDB
internal import Glibc

/// The one writer of an environment: all of its changes on `commit()`, none of them when it is dropped.
///
/// It ends on the thread that began it (the lock belongs to the thread) and never lives across a hand-over. After an error other
/// than `badValueSize` and `keyExists` it is dead and can only be dropped.
@safe
package struct WriteTransaction: ~Copyable {
    package let environment: Environment
    private var pointer: OpaquePointer?
    private let thread = pthread_self()

    init(_ environment: Environment) throws(LMDBError) {
        let operation = "beginning a write transaction"
        try environment.enter(operation)
        guard !environment.isWriting(on: thread) else {
            environment.leave()
            throw LMDBError(.nestedWrite, operation, path: environment.path)
        }
        var pointer: OpaquePointer?
        let status = unsafe mdb_txn_begin(environment.handle, nil, 0, &pointer)
        guard status == MDB_SUCCESS, unsafe pointer != nil else {
            environment.leave()
            throw LMDBError(.init(rawValue: status), operation, path: environment.path)
        }
        environment.startWriting(on: thread)
        self.environment = environment
        unsafe self.pointer = pointer
    }

    deinit {
        if let pointer = unsafe pointer {
            assertThread()
            environment.stopWriting()
            unsafe mdb_txn_abort(pointer)
            environment.leave()
        }
    }

    /// The number this transaction will have once it is committed.
    package var number: UInt64 { unsafe UInt64(mdb_txn_id(pointer)) }

    /// Makes all changes visible at once; on an error none of them.
    package consuming func commit() throws(LMDBError) {
        assertThread()
        guard let pointer = unsafe pointer else { return }
        unsafe self.pointer = nil
        environment.stopWriting()
        let status = unsafe mdb_txn_commit(pointer)
        environment.leave()
        try check(status, "committing", path: environment.path)
    }

    /// The value as this transaction sees it, good until its next change.
    @_lifetime(borrow self)
    package func get(_ key: RawSpan, in database: Database) throws(LMDBError) -> RawSpan? {
        guard let found = unsafe try handle().get(key, in: database) else { return nil }
        return unsafe _overrideLifetime(RawSpan(_unsafeBytes: found.bytes), borrowing: self)
    }

    package mutating func put(
        _ key: RawSpan,
        _ value: RawSpan,
        in database: Database,
        _ mode: WriteMode = .upsert
    ) throws(LMDBError) {
        assertThread()
        assert(database.environment == ObjectIdentifier(environment), "database of another environment")
        let status = unsafe key.lent { key in
            unsafe value.lent { value in unsafe mdb_put(pointer, database.index, &key, &value, mode.flags) }
        }
        try check(status, "writing a key of \(key.byteCount) bytes to \(database.name)", path: environment.path)
    }

    /// Makes room for a value and lets `fill` write it in place; what it leaves is zero.
    package mutating func reserve(
        _ key: RawSpan,
        byteCount: Int,
        in database: Database,
        _ mode: WriteMode = .upsert,
        fill: (inout MutableRawSpan) -> Void
    ) throws(LMDBError) {
        assertThread()
        assert(database.environment == ObjectIdentifier(environment), "database of another environment")
        var room = unsafe MDB_val(mv_size: byteCount, mv_data: nil)
        let flags = mode.flags | UInt32(MDB_RESERVE)
        let status = unsafe key.lent { key in unsafe mdb_put(pointer, database.index, &key, &room, flags) }
        try check(status, "reserving \(byteCount) bytes in \(database.name)", path: environment.path)
        let bytes = unsafe UnsafeMutableRawBufferPointer(start: room.mv_data, count: byteCount)
        unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0)
        var span = unsafe MutableRawSpan(_unsafeBytes: bytes)
        fill(&span)
    }

    /// Removes a key; false when it was not there.
    @discardableResult
    package mutating func remove(_ key: RawSpan, in database: Database) throws(LMDBError) -> Bool {
        assertThread()
        assert(database.environment == ObjectIdentifier(environment), "database of another environment")
        let status = unsafe key.lent { key in unsafe mdb_del(pointer, database.index, &key, nil) }
        if status == MDB_NOTFOUND { return false }
        try check(status, "removing a key of \(key.byteCount) bytes from \(database.name)", path: environment.path)
        return true
    }

    /// Empties a database; the pages are free after the commit, the handle stays good.
    package mutating func removeAll(in database: Database) throws(LMDBError) {
        assertThread()
        assert(database.environment == ObjectIdentifier(environment), "database of another environment")
        try check(unsafe mdb_drop(pointer, database.index, 0), "emptying \(database.name)", path: environment.path)
    }

    /// A cursor that reads.
    @_lifetime(borrow self)
    package func cursor(in database: Database) throws(LMDBError) -> Cursor {
        let cursor = unsafe Cursor(try CursorHandle(handle(), database))
        return unsafe _overrideLifetime(cursor, borrowing: self)
    }

    /// A cursor that writes; nothing else can touch the transaction while it lives.
    @_lifetime(&self)
    package mutating func writeCursor(in database: Database) throws(LMDBError) -> WriteCursor {
        let cursor = unsafe WriteCursor(try CursorHandle(handle(), database))
        return unsafe _overrideLifetime(cursor, mutating: &self)
    }

    package func statistics(of database: Database) throws(LMDBError) -> DatabaseStatistics {
        unsafe try handle().statistics(of: database)
    }

    /// Opens or creates a named database; the environment does it for everybody else.
    mutating func open(_ name: String, creating: Bool) throws(LMDBError) -> Database {
        assertThread()
        var index: MDB_dbi = 0
        let flags = creating ? UInt32(MDB_CREATE) : 0
        try check(unsafe mdb_dbi_open(pointer, name, flags, &index), "opening database \(name)", path: environment.path)
        return Database(name: name, index: index, environment: ObjectIdentifier(environment))
    }

    /// The unnamed database: the directory of the named ones.
    mutating func openDirectory() throws(LMDBError) -> Database {
        var index: MDB_dbi = 0
        try check(
            unsafe mdb_dbi_open(pointer, nil, 0, &index), "opening the directory database", path: environment.path)
        return Database(name: "the directory database", index: index, environment: ObjectIdentifier(environment))
    }

    private func handle() throws(LMDBError) -> TransactionHandle {
        assertThread()
        guard let pointer = unsafe pointer else {
            throw LMDBError(.badTransaction, "using a transaction that is over", path: environment.path)
        }
        return unsafe TransactionHandle(pointer: pointer, environment: environment)
    }

    private func assertThread() {
        assert(pthread_equal(thread, pthread_self()) != 0, "a write transaction stays on the thread that began it")
    }
}

extension WriteMode {
    var flags: UInt32 {
        switch self {
        case .upsert: 0
        case .insert: UInt32(MDB_NOOVERWRITE)
        case .append: UInt32(MDB_APPEND)
        }
    }
}
