internal import CLMDB
internal import Glibc

/// The motions of a cursor. Whoever owns one closes it once and before its write transaction ends.
@unsafe
struct CursorHandle {
    let pointer: OpaquePointer
    let environment: Environment
    let database: Database
    private(set) var key = unsafe MDB_val()
    private(set) var value = unsafe MDB_val()
    private(set) var isAtEntry = false

    init(_ transaction: TransactionHandle, _ database: Database) throws(LMDBError) {
        assert(
            unsafe database.environment == ObjectIdentifier(transaction.environment), "database of another environment")
        var pointer: OpaquePointer?
        let status = unsafe mdb_cursor_open(transaction.pointer, database.index, &pointer)
        guard status == MDB_SUCCESS, let pointer = unsafe pointer else {
            throw LMDBError(
                .init(rawValue: status), "opening a cursor on \(database.name)",
                path: unsafe transaction.environment.path)
        }
        unsafe self.pointer = pointer
        unsafe self.environment = transaction.environment
        unsafe self.database = database
    }

    func close() {
        unsafe mdb_cursor_close(pointer)
    }

    mutating func move(_ motion: MDB_cursor_op) throws(LMDBError) -> Bool {
        let status = unsafe mdb_cursor_get(pointer, &key, &value, motion)
        // From the end LMDB answers EINVAL to "current"; for us that is an entry that is not there.
        unsafe isAtEntry = status == MDB_SUCCESS
        if status == MDB_NOTFOUND || (motion == MDB_GET_CURRENT && status == EINVAL) { return false }
        try unsafe check(status, "moving a cursor on \(database.name)", path: environment.path)
        return true
    }

    mutating func seek(_ target: RawSpan) throws(LMDBError) -> Bool {
        // LMDB refuses an empty key; the first entry is what is at or after it.
        if target.isEmpty { return try unsafe move(MDB_FIRST) }
        let status = unsafe target.lent { target in
            unsafe key = target
            return unsafe mdb_cursor_get(pointer, &key, &value, MDB_SET_RANGE)
        }
        unsafe isAtEntry = status == MDB_SUCCESS
        if status == MDB_NOTFOUND { return false }
        try unsafe check(
            status, "seeking a key of \(target.byteCount) bytes in \(database.name)", path: environment.path)
        return true
    }

    mutating func seekLast(before target: RawSpan) throws(LMDBError) -> Bool {
        guard !target.isEmpty else {
            unsafe isAtEntry = false
            return false
        }
        guard try unsafe seek(target) else { return try unsafe move(MDB_LAST) }
        return try unsafe move(MDB_PREV)
    }
}
