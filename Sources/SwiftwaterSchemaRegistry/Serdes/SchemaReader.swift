internal import Swiftwater

/// What a serde knows of the records of one schema.
struct SchemaReader: Sendable {
    let id: Int32
    private let format: RecordFormat
    private let schema: Schema
    private let prefixes: Result<[[UInt8]], WireFormatError>

    init(id: Int32, schema: Schema, format: RecordFormat) {
        self.id = id
        self.schema = schema
        self.format = format
        prefixes = Result { () throws(WireFormatError) in try format.prefixes(in: schema) }
    }

    /// What stands after the header, and for Protobuf after the list that must name the message.
    func payload(_ bytes: UnsafeRawBufferPointer) throws(WireFormatError) -> UnsafeRawBufferPointer {
        let rest = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(WireHeader.byteCount))
        let prefixes: [[UInt8]]
        do {
            prefixes = try self.prefixes.get()
        } catch {
            throw WireFormatError(error.reason, "schema \(id): \(error.message)")
        }
        for prefix in prefixes where rest.starts(with: prefix) {
            return UnsafeRawBufferPointer(rebasing: rest.dropFirst(prefix.count))
        }
        return try unusual(rest, prefixes)
    }

    /// A list that is written in more bytes than it needs, or names another message.
    private func unusual(
        _ bytes: UnsafeRawBufferPointer,
        _ prefixes: [[UInt8]]
    ) throws(WireFormatError) -> UnsafeRawBufferPointer {
        var cursor = ByteCursor(bytes)
        let indexes = try MessageIndexes(reading: &cursor)
        if prefixes.contains(indexes.bytes) { return cursor.rest }
        let found = ProtobufFile(schema.text).name(of: indexes) ?? "no message of schema \(id)"
        throw WireFormatError(.otherMessage, "the record holds \(found) (message indexes \(indexes.positions))")
    }
}
