/// What a left row of a foreign-key join sends to the task of its foreign key (S-83, F-08).
///
/// As bytes: the version in 7 bits below a bit that says that there is no hash, the instruction, the hash (16 bytes), the left
/// row's key, and from version 1 on the left row's partition (4 bytes).
struct Subscription<PrimaryKey> {
    static var version: UInt8 { 1 }

    /// Of the left value; nil if it is a deletion.
    var hash: ValueHash?
    var instruction: SubscriptionInstruction
    var primaryKey: PrimaryKey
    /// Where the response goes (S-85); nil in what versions before 3.4 of Kafka Streams wrote.
    var primaryPartition: Int32?
}

extension Subscription {
    /// How subscriptions are written, given how left keys are.
    static func serde(_ key: Serde<PrimaryKey>) -> Serde<Subscription> {
        Serde<Subscription> { subscription, bytes, context in
            try subscription.write(to: bytes, key, SerdeContext(topic: context.topic + "-pk", component: .key))
        } deserializeInContext: { bytes, context in
            try bytes.withUnsafeBytes {
                try Subscription($0, key, SerdeContext(topic: context.topic + "-pk", component: .key))
            }
        }
    }

    func write(to bytes: ByteWriter, _ key: Serde<PrimaryKey>, _ context: SerdeContext) throws {
        // Version 0 has no partition: one that was read so is kept so.
        let version = primaryPartition == nil ? 0 : Self.version
        bytes.append(hash == nil ? version | 0x80 : version)
        bytes.append(instruction.rawValue)
        hash?.write(to: bytes)
        guard try key.write(primaryKey, to: bytes, context) else { throw SerdeError("a subscription has no null key") }
        if let primaryPartition { bytes.append(bigEndian: primaryPartition) }
    }

    init(_ bytes: UnsafeRawBufferPointer, _ key: Serde<PrimaryKey>, _ context: SerdeContext) throws {
        guard bytes.count >= 2 else { throw SerdeError("a subscription of \(bytes.count) bytes") }
        let version = bytes[0] & 0x7f
        guard version <= Self.version else {
            throw SerdeError("a subscription of version \(version); \(Self.version) is the last that is known")
        }
        guard let instruction = SubscriptionInstruction(rawValue: bytes[1]) else {
            throw SerdeError("a subscription with the instruction \(bytes[1]), which there is not")
        }
        var start = 2
        var hash: ValueHash?
        if bytes[0] & 0x80 == 0 {
            guard let read = ValueHash(reading: bytes, at: start) else {
                throw SerdeError("a subscription of \(bytes.count) bytes, which end in its hash")
            }
            hash = read
            start += 16
        }
        let end = version == 0 ? bytes.count : bytes.count - 4
        guard start <= end else { throw SerdeError("a subscription of \(bytes.count) bytes, which has no key") }
        self.init(
            hash: hash,
            instruction: instruction,
            primaryKey: try key.read(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), context),
            primaryPartition: version == 0
                ? nil : Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: end, as: Int32.self))
        )
    }
}
