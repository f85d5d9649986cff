/// A record to be loaded, as bytes.
package struct RawRecord: Sendable {
    package var key: [UInt8]?
    package var value: [UInt8]?
    /// Milliseconds since 1970; nil is now.
    package var timestamp: Int64?
    /// Nil takes that of the key.
    package var partition: Int32?

    package init(key: [UInt8]?, value: [UInt8]?, timestamp: Int64? = nil, partition: Int32? = nil) {
        self.key = key
        self.value = value
        self.timestamp = timestamp
        self.partition = partition
    }
}
