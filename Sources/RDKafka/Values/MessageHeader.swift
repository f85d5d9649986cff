/// A name and bytes that travel with a message; Kafka allows the same name more than once and null as the value.
package struct MessageHeader: Hashable, Sendable {
    package var name: String
    package var value: [UInt8]?

    package init(_ name: String, _ value: [UInt8]?) {
        self.name = name
        self.value = value
    }
}
