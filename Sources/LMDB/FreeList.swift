internal import CLMDB

/// The pages LMDB keeps for later, in its database 0: one entry a transaction, the numbers it freed as machine words, count first.
enum FreeList {
    static func pages(_ transaction: borrowing ReadTransaction) throws(LMDBError) -> [Int] {
        let handle = unsafe transaction.handle
        return try unsafe walk(transaction: handle.pointer, handle.environment.path)
    }

    /// For an environment that is just being opened.
    static func pages(environment: OpaquePointer, _ path: String) throws(LMDBError) -> [Int] {
        var transaction: OpaquePointer?
        try check(
            unsafe mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &transaction), "reading the free list",
            path: path)
        defer { unsafe mdb_txn_abort(transaction) }
        return try unsafe walk(transaction: transaction, path)
    }

    private static func walk(transaction: OpaquePointer?, _ path: String) throws(LMDBError) -> [Int] {
        var cursor: OpaquePointer?
        try check(unsafe mdb_cursor_open(transaction, 0, &cursor), "reading the free list", path: path)
        defer { unsafe mdb_cursor_close(cursor) }
        var key = unsafe MDB_val()
        var value = unsafe MDB_val()
        var numbers: [Int] = []
        while true {
            let status = unsafe mdb_cursor_get(cursor, &key, &value, MDB_NEXT)
            if status == MDB_NOTFOUND { return numbers }
            try check(status, "reading the free list", path: path)
            let words = unsafe value.bytes
            let width = MemoryLayout<Int>.size
            guard words.count >= width else {
                throw LMDBError(.corrupted, "reading the free list", path: path)
            }
            let count = unsafe words.loadUnaligned(as: Int.self)
            guard count >= 0, count < words.count / width else {
                throw LMDBError(.corrupted, "reading the free list", path: path)
            }
            numbers.reserveCapacity(numbers.count + count)
            for place in 0..<count {
                numbers.append(unsafe words.loadUnaligned(fromByteOffset: (place + 1) * width, as: Int.self))
            }
        }
    }
}
