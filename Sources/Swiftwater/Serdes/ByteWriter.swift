/// A buffer that serialisers append to; it is reused from record to record.
public struct ByteWriter: Sendable {
    @usableFromInline var storage: [UInt8] = []

    /// An empty buffer.
    @inlinable
    public init() {}

    /// The number of bytes written since the last clear.
    @inlinable
    public var count: Int { storage.count }

    /// The bytes written so far, as an array.
    public var bytes: [UInt8] { storage }

    /// Forgets the bytes and keeps the memory.
    @inlinable
    public mutating func clear() {
        storage.removeAll(keepingCapacity: true)
    }

    /// Appends one byte.
    @inlinable
    public mutating func append(_ byte: UInt8) {
        storage.append(byte)
    }

    /// Appends bytes.
    @inlinable
    public mutating func append(contentsOf bytes: [UInt8]) {
        storage.append(contentsOf: bytes)
    }

    /// Appends bytes.
    @inlinable
    public mutating func append(contentsOf bytes: UnsafeRawBufferPointer) {
        storage.append(contentsOf: bytes)
    }

    /// Appends the UTF-8 bytes of a text.
    @inlinable
    public mutating func append(utf8 text: String) {
        var text = text
        text.withUTF8 { storage.append(contentsOf: $0) }
    }

    /// Appends an integer in big-endian byte order, as Kafka's serialisers do.
    @inlinable
    public mutating func append<Integer: FixedWidthInteger>(bigEndian value: Integer) {
        Swift.withUnsafeBytes(of: value.bigEndian) { storage.append(contentsOf: $0) }
    }

    /// Gives the bytes written so far; they are valid inside the closure only.
    @inlinable
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try storage.withUnsafeBytes(body)
    }
}
