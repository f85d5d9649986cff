extension ByteWriter {
    /// The bound of a scan: a group, before all its keys.
    static func bound(_ group: Int64) -> [UInt8] {
        let writer = ByteWriter()
        writer.append(bigEndian: group)
        return writer.bytes
    }

    /// The bound of a scan: group, key and two more numbers.
    static func bound(_ group: Int64, _ key: ByteWriter, _ first: Int64, _ second: some FixedWidthInteger) -> [UInt8] {
        let writer = ByteWriter()
        writer.append(bigEndian: group)
        key.withUnsafeBytes { writer.append(contentsOf: $0) }
        writer.append(bigEndian: first)
        writer.append(bigEndian: second)
        return writer.bytes
    }
}
