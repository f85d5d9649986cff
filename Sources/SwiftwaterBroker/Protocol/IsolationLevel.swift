/// What a consumer may see: everything that is written, or nothing past the first open transaction.
package enum IsolationLevel: Int8, Sendable {
    case readUncommitted = 0
    case readCommitted = 1

    /// Anything but 1 is read_uncommitted.
    init(from reader: inout ProtocolReader) throws(ProtocolError) {
        self = try reader.int8() == 1 ? .readCommitted : .readUncommitted
    }
}
