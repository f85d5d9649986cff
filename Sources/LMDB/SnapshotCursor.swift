internal import CLMDB

/// A cursor that owns its read transaction, for iterators that outlive the call that made them.
@safe
package struct SnapshotCursor: ~Copyable {
    private var handle: CursorHandle
    // Destroyed after the cursor was closed in deinit.
    private let transaction: ReadTransaction

    package init(_ transaction: consuming ReadTransaction, in database: Database) throws(LMDBError) {
        unsafe handle = try CursorHandle(transaction.handle, database)
        self.transaction = transaction
    }

    deinit {
        unsafe handle.close()
    }

    /// Whether the last motion found an entry; `key` and `value` are empty otherwise.
    package var isAtEntry: Bool { unsafe handle.isAtEntry }

    /// The key of the entry, in the map itself.
    package var key: RawSpan {
        @_lifetime(borrow self)
        get {
            unsafe handle.isAtEntry
                ? _overrideLifetime(RawSpan(_unsafeBytes: handle.key.bytes), borrowing: self) : RawSpan()
        }
    }

    /// The value of the entry, in the map itself.
    package var value: RawSpan {
        @_lifetime(borrow self)
        get {
            unsafe handle.isAtEntry
                ? _overrideLifetime(RawSpan(_unsafeBytes: handle.value.bytes), borrowing: self) : RawSpan()
        }
    }

    /// Moves to the first entry whose key is not below `key`.
    package mutating func seek(_ key: RawSpan) throws(LMDBError) -> Bool { try unsafe handle.seek(key) }

    /// Moves to the last entry whose key is below `key`.
    package mutating func seekLast(before key: RawSpan) throws(LMDBError) -> Bool {
        try unsafe handle.seekLast(before: key)
    }

    package mutating func first() throws(LMDBError) -> Bool { try unsafe handle.move(MDB_FIRST) }

    package mutating func last() throws(LMDBError) -> Bool { try unsafe handle.move(MDB_LAST) }

    /// Moves on; from before the first entry to the first.
    package mutating func next() throws(LMDBError) -> Bool { try unsafe handle.move(MDB_NEXT) }

    /// Moves back; from before the first entry to the last.
    package mutating func previous() throws(LMDBError) -> Bool { try unsafe handle.move(MDB_PREV) }

    package mutating func current() throws(LMDBError) -> Bool { try unsafe handle.move(MDB_GET_CURRENT) }
}
