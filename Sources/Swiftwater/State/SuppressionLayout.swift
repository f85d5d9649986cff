/// Where a suppression buffer keeps what: a queue in the order of times and keys, and the time of each key.
///
/// - `0`, time (8 bytes), key → the record held back
/// - `1`, key → its time (8 bytes)
enum SuppressionLayout {
    static let queueTag: UInt8 = 0
    static let keyTag: UInt8 = 1

    static func appendQueueKey(time: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer, to writer: ByteWriter) {
        writer.append(queueTag)
        writer.append(contentsOf: time)
        writer.append(contentsOf: key)
    }
}
