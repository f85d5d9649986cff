internal import LMDB
internal import Swiftwater

/// Reading stores out of a snapshot: what the task's thread and queries have in common.
enum StoreReading {
    typealias Visit = (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Bool

    /// The value of a key, in the map; valid as long as the snapshot.
    static func value(
        of key: UnsafeRawBufferPointer,
        in database: Database,
        _ snapshot: borrowing ReadTransaction,
        room: UnsafeMutableRawBufferPointer
    ) throws(LMDBError) -> UnsafeRawBufferPointer? {
        let encoded = UnsafeRawBufferPointer(rebasing: room[..<StoreKey.encode(key, into: room)])
        guard let found = try snapshot.get(encoded.bytes, in: database) else { return nil }
        let bytes = found.withUnsafeBytes { $0 }
        guard StoreKey.isLong(key) else { return bytes }
        return try longKeys(bytes, database, snapshot).value(of: key)
    }

    /// Visits the entries between two keys, both included, until `visit` returns false.
    static func scan(
        _ database: Database,
        _ snapshot: borrowing ReadTransaction,
        from: [UInt8]?,
        to: [UInt8]?,
        reverse: Bool,
        _ visit: Visit
    ) throws {
        var cursor = try snapshot.cursor(in: database)
        var isAtEntry = try start(&cursor, from: from, to: to, reverse: reverse)
        while isAtEntry {
            let key = cursor.key.withUnsafeBytes { $0 }
            let value = cursor.value.withUnsafeBytes { $0 }
            if StoreKey.isLong(encoded: cursor.key) {
                // The long keys of one prefix stand together, in the order of their digests.
                let prefix = UnsafeRawBufferPointer(rebasing: key[..<(1 + StoreKey.prefixLength)])
                var run = try longKeys(value, database, snapshot).entries
                isAtEntry = try reverse ? cursor.previous() : cursor.next()
                while isAtEntry, StoreKey.isLong(encoded: cursor.key) {
                    let next = cursor.key.withUnsafeBytes { $0 }
                    guard equal(UnsafeRawBufferPointer(rebasing: next[..<prefix.count]), prefix) else { break }
                    run += try longKeys(cursor.value.withUnsafeBytes { $0 }, database, snapshot).entries
                    isAtEntry = try reverse ? cursor.previous() : cursor.next()
                }
                run.sort { compare($0.key, $1.key) < 0 }
                if reverse { run.reverse() }
                for entry in run {
                    switch place(entry.key, from, to, reverse) {
                    case .before: continue
                    case .inside: guard try visit(entry.key, entry.value) else { return }
                    case .behind: return
                    }
                }
            } else {
                let whole = UnsafeRawBufferPointer(rebasing: key[1...])
                switch place(whole, from, to, reverse) {
                case .before: break
                case .inside: guard try visit(whole, value) else { return }
                case .behind: return
                }
                isAtEntry = try reverse ? cursor.previous() : cursor.next()
            }
        }
    }

    private enum Place {
        case before, inside, behind
    }

    private static func place(_ key: UnsafeRawBufferPointer, _ from: [UInt8]?, _ to: [UInt8]?, _ reverse: Bool) -> Place
    {
        if let from, from.withUnsafeBytes({ compare(key, $0) < 0 }) { return reverse ? .behind : .before }
        if let to, to.withUnsafeBytes({ compare(key, $0) > 0 }) { return reverse ? .before : .behind }
        return .inside
    }

    private static func start(
        _ cursor: inout Cursor,
        from: [UInt8]?,
        to: [UInt8]?,
        reverse: Bool
    ) throws(LMDBError) -> Bool {
        guard let bound = reverse ? to : from else { return try reverse ? cursor.last() : cursor.first() }
        var target = [UInt8](repeating: 0, count: StoreKey.capacity)
        let length = target.withUnsafeMutableBytes { room in
            bound.withUnsafeBytes {
                reverse ? StoreKey.encodeEnd($0, into: room) : StoreKey.encodePrefix($0, into: room)
            }
        }
        let span = target.span.bytes.extracting(first: length)
        return try reverse ? cursor.seekLast(before: span) : cursor.seek(span)
    }

    static func longKeys(
        _ bytes: UnsafeRawBufferPointer,
        _ database: Database,
        _ snapshot: borrowing ReadTransaction
    ) throws(LMDBError) -> LongKeys {
        guard let keys = LongKeys(bytes) else {
            throw LMDBError(.corrupted, "reading a long key of \(database.name)", path: snapshot.environment.path)
        }
        return keys
    }
}
