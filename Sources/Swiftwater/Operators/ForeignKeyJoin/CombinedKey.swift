/// The keys of a subscription store: length of the foreign key (4 bytes), foreign key, left key (F-07).
///
/// All subscriptions to a foreign key stand together, behind the same beginning.
struct CombinedKey<ForeignKey, PrimaryKey> {
    private let foreignKey: Serde<ForeignKey>
    private let primaryKey: Serde<PrimaryKey>
    private let foreignContext: SerdeContext
    private let primaryContext: SerdeContext
    private let writer = ByteWriter()
    private let keyWriter = ByteWriter()

    /// - Parameter topic: the subscription topic, after which the serdes' contexts are called.
    init(_ foreignKey: Serde<ForeignKey>, _ primaryKey: Serde<PrimaryKey>, topic: String) {
        self.foreignKey = foreignKey
        self.primaryKey = primaryKey
        foreignContext = SerdeContext(topic: topic + "-fk", component: .key)
        primaryContext = SerdeContext(topic: topic + "-pk", component: .key)
    }

    /// The bytes of a whole key, valid inside the call.
    func withBytes<Result>(
        _ foreign: ForeignKey,
        _ primary: PrimaryKey,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        try writePrefix(foreign)
        guard try primaryKey.write(primary, to: writer, primaryContext) else {
            throw SerdeError("a subscription has no null key")
        }
        return try writer.withUnsafeBytes(body)
    }

    /// What all keys of a foreign key begin with.
    func prefix(_ foreign: ForeignKey) throws -> [UInt8] {
        try writePrefix(foreign)
        return writer.bytes
    }

    /// The left key of a whole key; nil if the key does not begin like that (S-86).
    func primaryKey(of key: UnsafeRawBufferPointer, behind prefix: [UInt8]) throws -> PrimaryKey? {
        guard key.starts(with: prefix) else { return nil }
        return try primaryKey.read(UnsafeRawBufferPointer(rebasing: key.dropFirst(prefix.count)), primaryContext)
    }

    private func writePrefix(_ foreign: ForeignKey) throws {
        keyWriter.clear()
        guard try foreignKey.write(foreign, to: keyWriter, foreignContext) else {
            throw SerdeError("a subscription has no null foreign key")
        }
        writer.clear()
        writer.append(bigEndian: Int32(keyWriter.count))
        keyWriter.withUnsafeBytes { writer.append(contentsOf: $0) }
    }
}
