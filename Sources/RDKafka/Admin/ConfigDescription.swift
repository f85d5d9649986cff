/// The configuration of a topic or broker.
package struct ConfigDescription: Sendable {
    package enum Source: Int32, Sendable {
        case unknown = 0
        case dynamicTopic = 1
        case dynamicBroker = 2
        case dynamicDefaultBroker = 3
        case staticBroker = 4
        case defaultValue = 5
    }

    package struct Entry: Sendable {
        package var name: String
        /// Nil if sensitive.
        package var value: String?
        package var source: Source
        package var isReadOnly: Bool
        package var isDefault: Bool
        package var isSensitive: Bool
    }

    package var resource: ConfigResource
    package var entries: [Entry]
    package var error: KafkaError?

    package subscript(name: String) -> String? {
        entries.first { $0.name == name }?.value
    }
}
