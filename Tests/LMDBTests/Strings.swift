import LMDB

/// What the tests read and write: strings as bytes.
extension ReadTransaction {
    func string(_ key: String, in database: Database) throws(LMDBError) -> String? {
        let key = Array(key.utf8)
        guard let value = try get(key.span.bytes, in: database) else { return nil }
        return String(bytes: value)
    }
}

extension WriteTransaction {
    mutating func put(
        _ key: String,
        _ value: String,
        in database: Database,
        _ mode: WriteMode = .upsert
    ) throws(LMDBError) {
        let (key, value) = (Array(key.utf8), Array(value.utf8))
        try put(key.span.bytes, value.span.bytes, in: database, mode)
    }

    func string(_ key: String, in database: Database) throws(LMDBError) -> String? {
        let key = Array(key.utf8)
        guard let value = try get(key.span.bytes, in: database) else { return nil }
        return String(bytes: value)
    }

    @discardableResult
    mutating func remove(_ key: String, in database: Database) throws(LMDBError) -> Bool {
        let key = Array(key.utf8)
        return try remove(key.span.bytes, in: database)
    }
}

extension String {
    init(bytes: RawSpan) {
        self = bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}

extension Environment {
    /// Writes pairs in one committed transaction.
    func commit(_ pairs: [(String, String)], to database: Database) throws(LMDBError) {
        try write { transaction throws(LMDBError) in
            for (key, value) in pairs { try transaction.put(key, value, in: database) }
        }
    }

    func string(_ key: String, in database: Database) throws(LMDBError) -> String? {
        let transaction = try read()
        return try transaction.string(key, in: database)
    }
}
