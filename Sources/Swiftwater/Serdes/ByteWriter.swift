/// A buffer that serialisers append to; it is reused from record to record.
///
/// A class over memory of its own: appending checks nothing but the room that is left.
public final class ByteWriter {
    @usableFromInline
    struct State {
        @usableFromInline var start: UnsafeMutableRawPointer
        @usableFromInline var count = 0
        @usableFromInline var capacity: Int

        @usableFromInline
        init(capacity: Int) {
            start = .allocate(byteCount: capacity, alignment: 16)
            self.capacity = capacity
        }
    }

    /// Behind a pointer, so that no access has to be checked for exclusivity.
    @usableFromInline let state: UnsafeMutablePointer<State>

    /// An empty buffer.
    public init() {
        state = .allocate(capacity: 1)
        state.initialize(to: State(capacity: 64))
    }

    deinit {
        state.pointee.start.deallocate()
        state.deallocate()
    }

    /// The number of bytes written since the last clear.
    @inlinable
    public var count: Int { state.pointee.count }

    /// The bytes written so far, as an array.
    public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// Forgets the bytes and keeps the memory.
    @inlinable
    public func clear() {
        state.pointee.count = 0
    }

    /// Appends one byte.
    @inlinable
    public func append(_ byte: UInt8) {
        let end = extend(by: 1)
        end.storeBytes(of: byte, as: UInt8.self)
    }

    /// Appends bytes.
    @inlinable
    public func append(contentsOf bytes: [UInt8]) {
        bytes.withUnsafeBytes { append(contentsOf: $0) }
    }

    /// Appends bytes.
    @inlinable
    public func append(contentsOf bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        extend(by: bytes.count).copyMemory(from: source, byteCount: bytes.count)
    }

    /// Appends the UTF-8 bytes of a text.
    @inlinable
    public func append(utf8 text: String) {
        var text = text
        text.withUTF8 { append(contentsOf: UnsafeRawBufferPointer($0)) }
    }

    /// Appends an integer in big-endian byte order, as Kafka's serialisers do.
    @inlinable
    public func append<Integer: FixedWidthInteger>(bigEndian value: Integer) {
        extend(by: MemoryLayout<Integer>.size).storeBytes(of: value.bigEndian, as: Integer.self)
    }

    /// Writes an integer in big-endian byte order over bytes that were appended before.
    ///
    /// For lengths that are known only when what they are of has been written.
    package func replace<Integer: FixedWidthInteger>(at offset: Int, bigEndian value: Integer) {
        precondition(offset >= 0 && offset + MemoryLayout<Integer>.size <= count, "only what was written is replaced")
        (state.pointee.start + offset).storeBytes(of: value.bigEndian, as: Integer.self)
    }

    /// Appends an unsigned integer as a varint: seven bits a byte, the lowest first.
    package func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// Gives the bytes written so far; they are valid inside the closure only.
    @inlinable
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(UnsafeRawBufferPointer(start: state.pointee.start, count: state.pointee.count))
    }

    /// Where the next bytes go; they count as written.
    @inlinable
    func extend(by count: Int) -> UnsafeMutableRawPointer {
        if state.pointee.count &+ count > state.pointee.capacity { grow(by: count) }
        let end = state.pointee.start + state.pointee.count
        state.pointee.count &+= count
        return end
    }

    @usableFromInline
    func grow(by count: Int) {
        var larger = State(capacity: max(state.pointee.capacity * 2, state.pointee.count + count))
        larger.count = state.pointee.count
        larger.start.copyMemory(from: state.pointee.start, byteCount: larger.count)
        state.pointee.start.deallocate()
        state.pointee = larger
    }
}
