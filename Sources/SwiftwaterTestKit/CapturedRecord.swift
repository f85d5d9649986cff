import Swiftwater

/// A record as the topology wrote it: bytes, as a broker would keep them.
struct CapturedRecord {
    var topic: String
    var key: [UInt8]?
    var value: [UInt8]?
    var timestamp: Timestamp
    var headers: Headers
}
