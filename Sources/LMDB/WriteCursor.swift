internal import CLMDB

/// A cursor that changes what it stands on.
///
/// Changes in key order are what it is for: it looks at the page it stands on before it searches from the root.
@safe
package struct WriteCursor: ~Copyable, ~Escapable {
    private var handle: CursorHandle

    @_lifetime(immortal)
    init(_ handle: CursorHandle) {
        unsafe self.handle = handle
    }

    deinit {
        unsafe handle.close()
    }

    @_lifetime(self: copy self)
    package mutating func put(_ key: RawSpan, _ value: RawSpan, _ mode: WriteMode = .upsert) throws(LMDBError) {
        let status = unsafe key.lent { key in
            unsafe value.lent { value in unsafe mdb_cursor_put(handle.pointer, &key, &value, mode.flags) }
        }
        try unsafe check(
            status, "writing a key of \(key.byteCount) bytes to \(handle.database.name)", path: handle.environment.path)
    }

    /// Removes a key; false when it was not there.
    @discardableResult
    @_lifetime(self: copy self)
    package mutating func remove(_ key: RawSpan) throws(LMDBError) -> Bool {
        let found = unsafe key.lent { key in unsafe mdb_cursor_get(handle.pointer, &key, nil, MDB_SET) }
        if found == MDB_NOTFOUND { return false }
        try unsafe check(
            found, "seeking a key of \(key.byteCount) bytes in \(handle.database.name)", path: handle.environment.path)
        try unsafe check(
            mdb_cursor_del(handle.pointer, 0),
            "removing a key of \(key.byteCount) bytes from \(handle.database.name)",
            path: handle.environment.path
        )
        return true
    }

    /// Removes the entry the last motion found.
    @_lifetime(self: copy self)
    package mutating func removeCurrent() throws(LMDBError) {
        try unsafe check(
            mdb_cursor_del(handle.pointer, 0), "removing from \(handle.database.name)", path: handle.environment.path)
    }

    /// Moves to the first entry whose key is not below `key`.
    @_lifetime(self: copy self)
    package mutating func seek(_ key: RawSpan) throws(LMDBError) -> Bool { try unsafe handle.seek(key) }

    @_lifetime(self: copy self)
    package mutating func next() throws(LMDBError) -> Bool { try unsafe handle.move(MDB_NEXT) }

    /// The key of the entry the last motion found, good until the next change.
    package var key: RawSpan {
        @_lifetime(borrow self)
        get {
            unsafe handle.isAtEntry
                ? _overrideLifetime(RawSpan(_unsafeBytes: handle.key.bytes), borrowing: self) : RawSpan()
        }
    }

    /// The value of the entry the last motion found, good until the next change.
    package var value: RawSpan {
        @_lifetime(borrow self)
        get {
            unsafe handle.isAtEntry
                ? _overrideLifetime(RawSpan(_unsafeBytes: handle.value.bytes), borrowing: self) : RawSpan()
        }
    }
}
