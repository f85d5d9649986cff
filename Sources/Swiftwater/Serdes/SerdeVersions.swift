/// The forms that a value's bytes have had, the oldest first, each with the step that leads to the next.
///
/// The ``serde`` reads all of them and writes the newest: data in topics and stores stays as it is until it is written again, so a
/// change of type needs no stop, no copy and no reset. A number before the payload tells the form (a varint; one byte below 128).
///
/// ```swift
/// let accounts = SerdeVersions(.json(AccountInEuros.self))
///     .next(.json(Account.self)) { Account(name: $0.name, cents: $0.euros * 100) }
/// let serde = accounts.serde
/// ```
///
/// For values: a key's bytes are what it is found by, so a serde of this kind refuses to write one.
public struct SerdeVersions<Value>: Sendable {
    private enum Marking {
        /// Every payload is behind its version.
        case all
        /// The oldest form is bare; all others are behind a zero byte and their version.
        case allButOldest
    }

    private let oldest: Int
    private let newest: Int
    private let marking: Marking
    private let newestSerde: Serde<Value>
    /// Reads a payload of any version from the oldest to the newest.
    private let read: @Sendable (Int, RawSpan, SerdeContext) throws -> Value

    /// Begins with the oldest form that is still read.
    ///
    /// - Parameters:
    ///   - serde: the payload behind the number.
    ///   - version: the form's number, from 1 on. It is above 1 where older forms are not read any more.
    public init(_ serde: Serde<Value>, version: Int = 1) {
        self.init(first: serde, version, .all)
    }

    /// Begins with values that were written by a serde of their own, before they had versions; they count as version 1.
    ///
    /// Their bytes must never begin with a zero byte, which marks the versions after: right for JSON and other text, wrong for numbers.
    public init(unmarked serde: Serde<Value>) {
        self.init(first: serde, 1, .allButOldest)
    }

    private init(first serde: Serde<Value>, _ version: Int, _ marking: Marking) {
        precondition(version >= 1, "versions are numbered from 1 on")
        self.init(oldest: version, newest: version, marking, serde) { _, bytes, context in
            try serde.deserializeBytes(bytes, context)
        }
    }

    private init(
        oldest: Int,
        newest: Int,
        _ marking: Marking,
        _ newestSerde: Serde<Value>,
        read: @escaping @Sendable (Int, RawSpan, SerdeContext) throws -> Value
    ) {
        self.oldest = oldest
        self.newest = newest
        self.marking = marking
        self.newestSerde = newestSerde
        self.read = read
    }

    /// Adds the form after the newest one, with its step.
    ///
    /// - Parameters:
    ///   - serde: the new payload, of any format.
    ///   - migrate: makes a new value from an old one; what it throws, the reader throws.
    public func next<Next>(
        _ serde: Serde<Next>,
        migrate: @escaping @Sendable (Value) throws -> Next
    ) -> SerdeVersions<Next> {
        let version = newest + 1
        let readOlder = read
        return SerdeVersions<Next>(oldest: oldest, newest: version, marking == .all ? .all : .allButOldest, serde) {
            found, bytes, context in
            found == version
                ? try serde.deserializeBytes(bytes, context)
                : try migrate(try readOlder(found, bytes, context))
        }
    }

    /// Adds the form after the newest one, of a type that knows the step itself.
    public func next<Next: Evolving>(_ serde: Serde<Next>) -> SerdeVersions<Next> where Next.Previous == Value {
        next(serde, migrate: Next.migrate(from:))
    }

    /// Reads every form and writes the newest; newer ones are a ``SerdeVersionError``.
    public var serde: Serde<Value> {
        let isBare = marking == .allButOldest && newest == oldest
        return Serde(
            serialize: { [newest, marking, newestSerde] value, bytes, context in
                guard context.component == .value else {
                    throw SerdeError("a key cannot have versions: it would no longer be found by its bytes")
                }
                if !isBare {
                    if marking == .allButOldest { bytes.append(0) }
                    bytes.append(varint: UInt64(newest))
                }
                try newestSerde.serializeBytes(value, bytes, context)
            },
            deserialize: { bytes, context in
                try bytes.withUnsafeBytes { try read($0, context) }
            },
            nullValue: newestSerde.nullValue,
            isNull: newestSerde.isNull
        )
    }

    private func read(_ bytes: UnsafeRawBufferPointer, _ context: SerdeContext) throws -> Value {
        var cursor = ByteCursor(bytes)
        if marking == .allButOldest {
            guard bytes.first == 0 else { return try read(oldest, bytes.bytes, context) }
            _ = try cursor.take(1, of: "the mark of a version")
        }
        let found = try cursor.varint("a version")
        guard found >= oldest, found <= newest else {
            throw SerdeVersionError(
                found > newest ? .newer : .retired, found: found, readable: oldest...newest, type: "\(Value.self)")
        }
        let payload = cursor.rest
        return try read(Int(found), payload.bytes, context)
    }
}
