/// librdkafka's properties by name, and where its log goes.
///
/// A key or value that librdkafka does not know is a ``KafkaError`` with `.configuration` as its subject, thrown when the
/// client is made.
package struct KafkaConfiguration: Sendable {
    package var properties: [String: String]
    /// Called on librdkafka's threads, several at once; nil drops the lines. Nothing is ever written to stderr.
    package var log: (@Sendable (KafkaLog) -> Void)?

    package init(_ properties: [String: String] = [:], log: (@Sendable (KafkaLog) -> Void)? = nil) {
        self.properties = properties
        self.log = log
    }

    package subscript(key: String) -> String? {
        get { properties[key] }
        set { properties[key] = newValue }
    }

    /// The same with values for the keys that are not set.
    package func withDefaults(_ defaults: [String: String]) -> KafkaConfiguration {
        var copy = self
        copy.properties.merge(defaults) { own, _ in own }
        return copy
    }
}
