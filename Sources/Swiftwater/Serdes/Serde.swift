/// How values of a type become the bytes of a Kafka key or value, and back: a serialiser and a deserialiser in one.
///
/// A serde of a type that is not optional refuses null; ``optional(_:)`` makes one that reads null as nil. The
/// counterpart of Kafka's `Serde`; the built-in ones write the same bytes (F-13).
///
/// ```swift
/// extension Serde where Value == Celsius {
///     static var celsius: Serde<Celsius> {
///         Serde { value, bytes in bytes.append(bigEndian: value.milliKelvin) } deserialize: { bytes in
///             Celsius(milliKelvin: try bytes.bigEndian())
///         }
///     }
/// }
/// ```
public struct Serde<Value>: Sendable {
    @usableFromInline
    package typealias Serialize = @Sendable (Value, ByteWriter, SerdeContext) throws -> Void
    @usableFromInline
    package typealias Deserialize = @Sendable (RawSpan, SerdeContext) throws -> Value

    @usableFromInline package let serializeBytes: Serialize
    @usableFromInline package let deserializeBytes: Deserialize
    /// What null bytes are read as; nil where null is not a value of the type.
    @usableFromInline package let nullValue: (@Sendable () -> Value)?
    /// Whether a value is written as null; nil where none is.
    @usableFromInline package let isNull: (@Sendable (Value) -> Bool)?
    /// How many bytes at the end of a key tell its window, which partitioning leaves out (S-93).
    @usableFromInline package var windowByteCount = 0
    /// How many bytes every value has, where Kafka's lists write them without a length; nil for all others (F-13).
    @usableFromInline package var fixedByteCount: Int?

    @inlinable
    package init(
        serialize: @escaping Serialize,
        deserialize: @escaping Deserialize,
        nullValue: (@Sendable () -> Value)?,
        isNull: (@Sendable (Value) -> Bool)?
    ) {
        self.serializeBytes = serialize
        self.deserializeBytes = deserialize
        self.nullValue = nullValue
        self.isNull = isNull
    }

    /// The same serde for values of which each has this many bytes.
    func fixed(_ byteCount: Int) -> Serde<Value> {
        var serde = self
        serde.fixedByteCount = byteCount
        return serde
    }

    /// A serde from two functions; either may throw, which the application's handlers then decide on.
    @inlinable
    public init(
        serialize: @escaping @Sendable (Value, ByteWriter) throws -> Void,
        deserialize: @escaping @Sendable (RawSpan) throws -> Value
    ) {
        self.init(
            serialize: { value, bytes, _ in try serialize(value, bytes) },
            deserialize: { bytes, _ in try deserialize(bytes) },
            nullValue: nil,
            isNull: nil
        )
    }

    /// A serde from two functions that also see the topic and the headers.
    @inlinable
    public init(
        serializeInContext serialize: @escaping @Sendable (Value, ByteWriter, SerdeContext) throws -> Void,
        deserializeInContext deserialize: @escaping @Sendable (RawSpan, SerdeContext) throws -> Value
    ) {
        self.init(serialize: serialize, deserialize: deserialize, nullValue: nil, isNull: nil)
    }

    /// A serde for the same values that reads null as nil and writes nil as null.
    @inlinable
    public static func optional<Wrapped>(_ wrapped: Serde<Wrapped>) -> Serde<Wrapped?> where Value == Wrapped? {
        var serde = Serde<Wrapped?>(
            serialize: { value, bytes, context in
                if let value { try wrapped.serializeBytes(value, bytes, context) }
            },
            deserialize: { bytes, context in try wrapped.deserializeBytes(bytes, context) },
            nullValue: { nil },
            isNull: { $0 == nil }
        )
        serde.windowByteCount = wrapped.windowByteCount
        serde.fixedByteCount = wrapped.fixedByteCount
        return serde
    }
}

extension Serde {
    /// Reads bytes, which may be null.
    @inlinable
    package func read(_ bytes: UnsafeRawBufferPointer?, _ context: SerdeContext) throws -> Value {
        guard let bytes else {
            guard let nullValue else {
                throw SerdeError.unexpectedNull(context)
            }
            return nullValue()
        }
        return try deserializeBytes(bytes.bytes, context)
    }

    /// Writes a value to the end of a buffer; false if it is null and nothing was written.
    @inlinable
    package func write(_ value: Value, to bytes: ByteWriter, _ context: SerdeContext) throws -> Bool {
        if let isNull, isNull(value) { return false }
        try serializeBytes(value, bytes, context)
        return true
    }

    /// The bytes of one value, for tools and tests; nil for null.
    public func serialize(_ value: Value, topic: String = "", component: SerdeContext.Component = .value) throws
        -> [UInt8]?
    {
        let writer = ByteWriter()
        let context = SerdeContext(topic: topic, component: component)
        return try write(value, to: writer, context) ? writer.bytes : nil
    }

    /// The value of some bytes, for tools and tests; nil bytes are null.
    public func deserialize(_ bytes: [UInt8]?, topic: String = "", component: SerdeContext.Component = .value) throws
        -> Value
    {
        let context = SerdeContext(topic: topic, component: component)
        guard let bytes else { return try read(nil, context) }
        return try bytes.withUnsafeBytes { try read($0, context) }
    }
}
