// Kafka's list format. Elements of one size (2, 4 or 8 bytes, or a UUID) stand without lengths behind the indices of those that are
// null; all others stand each behind its length, which is -1 for null:
//
//     00, null count (4), null indices (4 each), count (4), elements that are not null
//     01, count (4), then for each element: length (4), bytes

extension Serde {
    /// A list in the format of Kafka's `ListSerde`; elements may be null if their serde is ``optional(_:)`` (F-13).
    ///
    /// An empty list is not null: for a list that may be missing, make the list's serde ``optional(_:)``.
    public static func list<Element>(_ element: Serde<Element>) -> Serde<[Element]> where Value == [Element] {
        let format = ListFormat(element: element)
        return Serde(serializeInContext: format.write, deserializeInContext: format.read)
    }
}

/// Writes and reads Kafka's lists of one type of element.
private struct ListFormat<Element>: Sendable {
    private static var constantSize: UInt8 { 0 }
    private static var variableSize: UInt8 { 1 }

    var element: Serde<Element>

    @Sendable func write(_ list: [Element], to bytes: ByteWriter, _ context: SerdeContext) throws {
        guard let count = Int32(exactly: list.count) else {
            throw SerdeError("a list of \(list.count) elements is longer than the format allows")
        }
        if let size = element.fixedByteCount {
            try writeFixed(list, count, size, to: bytes, context)
        } else {
            try writeVariable(list, count, to: bytes, context)
        }
    }

    private func writeFixed(
        _ list: [Element], _ count: Int32, _ size: Int, to bytes: ByteWriter, _ context: SerdeContext
    ) throws {
        bytes.append(Self.constantSize)
        let nulls = element.isNull.map { isNull in list.indices.filter { isNull(list[$0]) } } ?? []
        bytes.append(bigEndian: Int32(nulls.count))
        for index in nulls { bytes.append(bigEndian: Int32(index)) }
        bytes.append(bigEndian: count)
        for value in list {
            let start = bytes.count
            guard try element.write(value, to: bytes, context) else { continue }
            guard bytes.count - start == size else {
                throw SerdeError("expected \(size) bytes for an element of a list, \(bytes.count - start) were written")
            }
        }
    }

    private func writeVariable(_ list: [Element], _ count: Int32, to bytes: ByteWriter, _ context: SerdeContext) throws
    {
        bytes.append(Self.variableSize)
        bytes.append(bigEndian: count)
        for value in list {
            let length = bytes.count
            bytes.append(bigEndian: Int32(-1))
            guard try element.write(value, to: bytes, context) else { continue }
            guard let written = Int32(exactly: bytes.count - length - 4) else {
                throw SerdeError("an element of \(bytes.count - length - 4) bytes is longer than the format allows")
            }
            bytes.replace(at: length, bigEndian: written)
        }
    }

    @Sendable func read(_ bytes: RawSpan, _ context: SerdeContext) throws -> [Element] {
        try bytes.withUnsafeBytes { bytes in
            var cursor = ByteCursor(bytes)
            let list: [Element]
            switch try cursor.bigEndian("a list's format", as: UInt8.self) {
            case Self.constantSize: list = try readFixed(&cursor, context)
            case Self.variableSize: list = try readVariable(&cursor, context)
            case let format: throw SerdeError("expected a list of format 0 or 1, got \(format)")
            }
            guard cursor.rest.isEmpty else { throw SerdeError("\(cursor.rest.count) bytes behind the end of a list") }
            return list
        }
    }

    private func readFixed(_ cursor: inout ByteCursor, _ context: SerdeContext) throws -> [Element] {
        guard let size = element.fixedByteCount else {
            throw SerdeError("a list of elements of one size, which \(Element.self) does not have")
        }
        let nullCount = Int(try cursor.bigEndian("a list's number of nulls", as: Int32.self))
        let nullBytes = try cursor.take(nullCount * 4, of: "a list's indices of nulls")
        let nulls = (0..<nullCount).map {
            Int(Int32(bigEndian: nullBytes.loadUnaligned(fromByteOffset: $0 * 4, as: Int32.self)))
        }
        let count = Int(try cursor.bigEndian("a list's length", as: Int32.self))
        // Before anything is allocated: what outside bytes say of a length is no reason for memory.
        guard count - nullCount == cursor.rest.count / size, nulls.allSatisfy((0..<max(count, 0)).contains),
            zip(nulls, nulls.dropFirst()).allSatisfy(<)
        else {
            throw SerdeError(
                "a list of \(count) elements of \(size) bytes, \(nullCount) of them null, has \(cursor.rest.count) bytes"
            )
        }
        var list: [Element] = []
        list.reserveCapacity(count)
        var nextNull = nulls.makeIterator()
        var null = nextNull.next()
        for index in 0..<count {
            if index == null {
                list.append(try element.read(nil, context))
                null = nextNull.next()
            } else {
                list.append(try element.read(try cursor.take(size, of: "an element of a list"), context))
            }
        }
        return list
    }

    private func readVariable(_ cursor: inout ByteCursor, _ context: SerdeContext) throws -> [Element] {
        let count = Int(try cursor.bigEndian("a list's length", as: Int32.self))
        guard count >= 0, count <= cursor.rest.count / 4 else {
            throw SerdeError("a list of \(count) elements has \(cursor.rest.count) bytes")
        }
        var list: [Element] = []
        list.reserveCapacity(count)
        for _ in 0..<count {
            let length = Int(try cursor.bigEndian("the length of a list's element", as: Int32.self))
            let bytes = length == -1 ? nil : try cursor.take(length, of: "an element of a list")
            list.append(try element.read(bytes, context))
        }
        return list
    }
}
