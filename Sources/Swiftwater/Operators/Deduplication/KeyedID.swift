/// The key of a record and an ID that was made of it: what tells it apart from the other records of its key.
struct KeyedID<Key, ID> {
    let key: Key
    let id: ID
}

extension Serde {
    /// Length of the key (4 bytes), key, ID; null where one of the two is.
    static func keyed<Key, ID>(_ keys: Serde<Key>, _ ids: Serde<ID>) -> Serde<KeyedID<Key, ID>>
    where Value == KeyedID<Key, ID> {
        Serde(
            serialize: { value, bytes, context in
                let start = bytes.count
                bytes.append(bigEndian: Int32(0))
                try keys.serializeBytes(value.key, bytes, context)
                guard let length = Int32(exactly: bytes.count - start - 4) else {
                    throw SerdeError("a key of \(bytes.count - start - 4) bytes is longer than a store allows")
                }
                bytes.replace(at: start, bigEndian: length)
                try ids.serializeBytes(value.id, bytes, context)
            },
            deserialize: { bytes, context in
                try bytes.withUnsafeBytes { bytes in
                    var cursor = ByteCursor(bytes)
                    let length = try cursor.bigEndian("the length of a key", as: Int32.self)
                    let key = try keys.read(try cursor.take(Int(length), of: "a key"), context)
                    return KeyedID(key: key, id: try ids.read(cursor.rest, context))
                }
            },
            nullValue: nil,
            isNull: { value in (keys.isNull?(value.key) ?? false) || (ids.isNull?(value.id) ?? false) }
        )
    }
}
