internal import CLMDB

/// A place in a database, within a transaction that it cannot outlive.
@safe
package struct Cursor: ~Copyable, ~Escapable {
    private var handle: CursorHandle

    @_lifetime(immortal)
    init(_ handle: CursorHandle) {
        unsafe self.handle = handle
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
    @_lifetime(self: copy self)
    package mutating func seek(_ key: RawSpan) throws(LMDBError) -> Bool { try unsafe handle.seek(key) }

    /// Moves to the last entry whose key is below `key`.
    @_lifetime(self: copy self)
    package mutating func seekLast(before key: RawSpan) throws(LMDBError) -> Bool {
        try unsafe handle.seekLast(before: key)
    }

    @_lifetime(self: copy self)
    package mutating func first() throws(LMDBError) -> Bool { try unsafe handle.move(MDB_FIRST) }

    @_lifetime(self: copy self)
    package mutating func last() throws(LMDBError) -> Bool { try unsafe handle.move(MDB_LAST) }

    /// Moves on; from before the first entry to the first.
    @_lifetime(self: copy self)
    package mutating func next() throws(LMDBError) -> Bool { try unsafe handle.move(MDB_NEXT) }

    /// Moves back; from before the first entry to the last.
    @_lifetime(self: copy self)
    package mutating func previous() throws(LMDBError) -> Bool { try unsafe handle.move(MDB_PREV) }

    /// Reads the entry under the cursor again.
    @_lifetime(self: copy self)
    package mutating func current() throws(LMDBError) -> Bool { try unsafe handle.move(MDB_GET_CURRENT) }
}
