extension Serde where Value == RecordMetadata {
    /// Offset (8 bytes), partition (4 bytes), topic.
    static var recordMetadata: Serde<RecordMetadata> {
        Serde { metadata, bytes in
            bytes.append(bigEndian: metadata.offset)
            bytes.append(bigEndian: metadata.partition)
            bytes.append(utf8: metadata.topic)
        } deserialize: { bytes in
            try bytes.withUnsafeBytes { bytes in
                var cursor = ByteCursor(bytes)
                let offset = try cursor.bigEndian("an offset", as: Int64.self)
                let partition = try cursor.bigEndian("a partition", as: Int32.self)
                return RecordMetadata(
                    topic: String(decoding: cursor.rest, as: UTF8.self), partition: partition, offset: offset)
            }
        }
    }
}

extension RecordMetadata {
    /// The offset in what `Serde.recordMetadata` wrote, without reading the rest.
    static func offset(in bytes: UnsafeRawBufferPointer) throws -> Int64 {
        var cursor = ByteCursor(bytes)
        return try cursor.bigEndian("an offset")
    }
}
