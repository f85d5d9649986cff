/// A topic to be made.
package struct NewTopic: Sendable {
    package var name: String
    package var partitions: Int
    /// -1 leaves it to the broker.
    package var replicationFactor: Int
    package var configuration: [String: String]

    package init(
        _ name: String, partitions: Int, replicationFactor: Int = -1, configuration: [String: String] = [:]
    ) {
        self.name = name
        self.partitions = partitions
        self.replicationFactor = replicationFactor
        self.configuration = configuration
    }
}
