internal import Swiftwater

/// Which message of a `.proto` file a record holds: its position among the file's messages, then among those within it, and so on.
///
/// As bytes the number of positions and the positions, each a zig-zag varint; the first message of a file is the single byte 0.
struct MessageIndexes: Hashable, Sendable {
    /// Positions from the outermost message inwards; never empty.
    var positions: [Int32]

    init(_ positions: [Int32]) {
        self.positions = positions
    }

    /// The bytes.
    var bytes: [UInt8] {
        if positions == [0] { return [0] }
        let writer = ByteWriter()
        writer.append(zigzag: Int32(clamping: positions.count))
        for position in positions { writer.append(zigzag: position) }
        return writer.bytes
    }

    /// Reads a list from the front of the bytes.
    init(reading cursor: inout ByteCursor) throws(WireFormatError) {
        do {
            let count = try cursor.zigzag("the number of message indexes")
            // Each takes a byte at least, which bounds what a count may make us reserve.
            guard count >= 0, Int(count) <= cursor.rest.count else {
                throw SerdeError("\(count) message indexes do not fit in \(cursor.rest.count) bytes")
            }
            if count == 0 {
                positions = [0]
            } else {
                positions = try (0..<count).map { _ in try cursor.zigzag("a message index") }
            }
        } catch {
            throw WireFormatError(.malformedIndexes, "\(error)")
        }
    }
}

extension ByteWriter {
    fileprivate func append(zigzag value: Int32) {
        append(varint: UInt64(UInt32(bitPattern: (value << 1) ^ (value >> 31))))
    }
}

extension ByteCursor {
    fileprivate mutating func zigzag(_ what: String) throws -> Int32 {
        let raw = try varint(what)
        guard let bits = UInt32(exactly: raw) else { throw SerdeError("\(what) does not fit in 32 bits") }
        return Int32(bitPattern: bits >> 1) ^ -Int32(bitPattern: bits & 1)
    }
}
