/// The subscriptions to the right rows of a task, by foreign key and left key (F-07).
final class SubscriptionStore<ForeignKey, PrimaryKey> {
    private let bytes: KeyValueBytesStore
    private let keys: CombinedKey<ForeignKey, PrimaryKey>
    private let primaryKey: Serde<PrimaryKey>
    private let primaryContext: SerdeContext
    private let writer = ByteWriter()

    init(
        _ bytes: KeyValueBytesStore,
        _ foreignKey: Serde<ForeignKey>,
        _ primaryKey: Serde<PrimaryKey>,
        topic: String
    ) {
        self.bytes = bytes
        self.keys = CombinedKey(foreignKey, primaryKey, topic: topic)
        self.primaryKey = primaryKey
        self.primaryContext = SerdeContext(topic: topic + "-pk", component: .key)
    }

    func put(_ subscription: Subscription<PrimaryKey>, to foreignKey: ForeignKey, at timestamp: Timestamp) throws {
        try bytes.meter.measure(.put) {
            writer.clear()
            writer.append(bigEndian: timestamp.rawValue)
            try subscription.write(to: writer, primaryKey, primaryContext)
            try keys.withBytes(foreignKey, subscription.primaryKey) { key in
                writer.withUnsafeBytes { bytes.set(key, $0, timestamp: timestamp) }
            }
        }
    }

    func remove(_ primaryKey: PrimaryKey, from foreignKey: ForeignKey, at timestamp: Timestamp) throws {
        try bytes.meter.measure(.delete) {
            try keys.withBytes(foreignKey, primaryKey) { bytes.set($0, nil, timestamp: timestamp) }
        }
    }

    /// Visits the subscriptions to a foreign key in the order of the left keys' bytes; `body` writes to no store.
    func forEach(of foreignKey: ForeignKey, _ body: (PrimaryKey, Subscription<PrimaryKey>) throws -> Void) throws {
        try bytes.meter.measure(.prefixScan) {
            let prefix = try keys.prefix(foreignKey)
            try bytes.scan(from: prefix, to: Self.end(of: prefix)) { key, stored in
                // S-86: the end of the scan may be a key of another foreign key.
                guard let primary = try keys.primaryKey(of: key, behind: prefix) else { return true }
                try body(primary, try Subscription(TimestampedValue.plain(stored), primaryKey, primaryContext))
                return true
            }
        }
    }

    /// The first bytes behind everything that begins with a prefix; nil if nothing is behind it.
    private static func end(of prefix: [UInt8]) -> [UInt8]? {
        var end = prefix
        while let last = end.popLast() {
            if last < 0xff { return end + [last + 1] }
        }
        return nil
    }
}
