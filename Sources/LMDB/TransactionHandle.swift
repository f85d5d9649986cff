internal import CLMDB

/// A read-only look at an `MDB_txn`, whoever owns it.
@unsafe
struct TransactionHandle {
    let pointer: OpaquePointer
    let environment: Environment

    @inline(__always)
    func get(_ key: RawSpan, in database: Database) throws(LMDBError) -> MDB_val? {
        let environment = unsafe self.environment
        assert(database.environment == ObjectIdentifier(environment), "database of another environment")
        var found = unsafe MDB_val()
        let status = unsafe key.lent { key in unsafe mdb_get(pointer, database.index, &key, &found) }
        if status == MDB_NOTFOUND { return nil }
        try check(status, "reading a key of \(key.byteCount) bytes from \(database.name)", path: environment.path)
        return unsafe found
    }

    func statistics(of database: Database) throws(LMDBError) -> DatabaseStatistics {
        let environment = unsafe self.environment
        assert(database.environment == ObjectIdentifier(environment), "database of another environment")
        var status = MDB_stat()
        try check(
            unsafe mdb_stat(pointer, database.index, &status), "statistics of \(database.name)", path: environment.path)
        return DatabaseStatistics(
            entries: status.ms_entries,
            depth: Int(status.ms_depth),
            branchPages: status.ms_branch_pages,
            leafPages: status.ms_leaf_pages,
            overflowPages: status.ms_overflow_pages
        )
    }
}
