/// One record of a batch as it lies in the uncompressed bytes.
struct BatchRecord {
    /// From its length to its end.
    var whole: Range<Int>
    /// From the length of the key to its end.
    var content: Range<Int>
    var attributes: UInt8
    var timestampDelta: Int64
    var offsetDelta: Int64
    /// nil if the key is null.
    var key: Range<Int>?
    var hasValue: Bool
}
