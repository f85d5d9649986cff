/// A typed view of a timestamped key-value store, or of a versioned one as the latest versions of its keys; one for each
/// operator that uses it, as it owns scratch memory.
@usableFromInline
final class TimestampedKeyValueStore<Key, Value> {
    @usableFromInline let bytes: KeyValueBytesStore
    @usableFromInline let keySerde: Serde<Key>
    @usableFromInline let valueSerde: Serde<Value>
    @usableFromInline let keyWriter = ByteWriter()
    @usableFromInline let valueWriter = ByteWriter()
    @usableFromInline let keyContext: SerdeContext
    @usableFromInline let valueContext: SerdeContext
    @usableFromInline let isVersioned: Bool
    private let versions: VersionedBytesStore
    private let context: TaskContext

    @usableFromInline
    init(_ bytes: KeyValueBytesStore, keySerde: Serde<Key>, valueSerde: Serde<Value>, context: TaskContext) {
        self.bytes = bytes
        self.keySerde = keySerde
        self.valueSerde = valueSerde
        self.context = context
        isVersioned = bytes.definition.isVersioned
        versions = VersionedBytesStore(bytes)
        let topic = bytes.definition.changelogTopic(applicationID: context.settings.applicationID)
        self.keyContext = SerdeContext(topic: topic, component: .key)
        self.valueContext = SerdeContext(topic: topic, component: .value)
    }

    /// Makes a key the current one.
    @inlinable
    func setKey(_ key: Key) throws {
        keyWriter.clear()
        guard try keySerde.write(key, to: keyWriter, keyContext) else {
            throw bytes.nullKey()
        }
    }

    /// The value and its time; the key stays the current one for `setCurrent`.
    @inlinable
    func value(of key: Key) throws -> (value: Value, timestamp: Timestamp)? {
        try bytes.meter.measure(.get) {
            try setKey(key)
            return try keyWriter.withUnsafeBytes { key in
                try decode(isVersioned ? try latestVersion(key) : try bytes.value(of: key))
            }
        }
    }

    /// The value and its time as the last commit left them; of a store without versions.
    @usableFromInline
    func committedValue(of key: Key) throws -> (value: Value, timestamp: Timestamp)? {
        try bytes.meter.measure(.get) {
            try setKey(key)
            return try keyWriter.withUnsafeBytes { try decode(try bytes.committedValue(of: $0)) }
        }
    }

    /// The value and its time as of a time; of a versioned store only.
    @usableFromInline
    func value(of key: Key, asOf time: Timestamp) throws -> (value: Value, timestamp: Timestamp)? {
        try bytes.meter.measure(.get) {
            try setKey(key)
            return try keyWriter.withUnsafeBytes { key in
                guard let version = try versions.version(of: key, asOf: time.rawValue), let stored = version.value
                else { return nil }
                let value = try stored.withUnsafeBytes { try valueSerde.read($0, valueContext) }
                return (value, Timestamp(rawValue: version.validFrom))
            }
        }
    }

    /// Writes the current key, the one last asked for.
    @inlinable
    func setCurrent(_ value: Value?, timestamp: Timestamp, headers: Headers) throws -> VersionedPut {
        try bytes.meter.measure(.put) { try putCurrent(value, timestamp, headers) }
    }

    @inlinable
    func putCurrent(_ value: Value?, _ timestamp: Timestamp, _ headers: Headers) throws -> VersionedPut {
        valueWriter.clear()
        if isVersioned { return try putVersion(value, timestamp) }
        guard let value else {
            storeCurrent(nil, timestamp, headers)
            return .latest
        }
        valueWriter.append(bigEndian: timestamp.rawValue)
        let isWritten = try valueSerde.write(value, to: valueWriter, valueContext)
        if isWritten {
            valueWriter.withUnsafeBytes { storeCurrent($0, timestamp, headers) }
        } else {
            storeCurrent(nil, timestamp, headers)
        }
        return .latest
    }

    @inlinable
    func storeCurrent(_ value: UnsafeRawBufferPointer?, _ timestamp: Timestamp, _ headers: Headers) {
        keyWriter.withUnsafeBytes { bytes.set($0, value, timestamp: timestamp, headers: headers) }
    }

    @inlinable
    func decode(_ stored: UnsafeRawBufferPointer?) throws -> (value: Value, timestamp: Timestamp)? {
        guard let stored else { return nil }
        let value = try valueSerde.read(TimestampedValue.plain(stored), valueContext)
        return (value, TimestampedValue.timestamp(of: stored))
    }

    @inlinable
    func key(from bytes: UnsafeRawBufferPointer) throws -> Key {
        try keySerde.read(bytes, keyContext)
    }

    /// The latest version of a key, which is laid out as a timestamped value.
    @usableFromInline
    func latestVersion(_ key: UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer? {
        try versions.storedLatest(key)
    }

    /// Puts a version of the current key; one that is older than the history is dropped and counted (S-95).
    @usableFromInline
    func putVersion(_ value: Value?, _ timestamp: Timestamp) throws -> VersionedPut {
        let isWritten = try value.map { try valueSerde.write($0, to: valueWriter, valueContext) } ?? false
        let next = try keyWriter.withUnsafeBytes { key in
            try valueWriter.withUnsafeBytes { value in
                try versions.put(key, isWritten ? value : nil, at: timestamp.rawValue)
            }
        }
        guard let next else {
            context.drop(.expired, node: bytes.definition.name)
            return .expired
        }
        return next == .max ? .latest : .validTo(Timestamp(rawValue: next))
    }
}
