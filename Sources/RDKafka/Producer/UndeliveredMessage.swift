/// A message that comes back because it could not be delivered. A class: deliveries are many and failures few.
package final class UndeliveredMessage: Sendable {
    package let topic: String
    package let key: [UInt8]?
    package let value: [UInt8]?
    /// Milliseconds since 1970.
    package let timestamp: Int64

    init(topic: String, key: [UInt8]?, value: [UInt8]?, timestamp: Int64) {
        self.topic = topic
        self.key = key
        self.value = value
        self.timestamp = timestamp
    }
}
