/// A topic that the application makes for itself.
struct InternalTopic: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case repartition
        case changelog
        /// Holds no records: its partitions are the tasks that a group hands out.
        case tasks
    }

    var name: String
    var kind: Kind
    var partitionCount: Int32
    /// What the user asks for beyond Kafka Streams' settings (F-14).
    var settings: [String: String] = [:]

    /// Topic settings as Kafka Streams makes them (F-14).
    var configuration: [String: String] {
        var configuration = ["message.timestamp.type": "CreateTime"]
        switch kind {
        case .repartition:
            configuration["cleanup.policy"] = "delete"
            configuration["retention.ms"] = "-1"
            configuration["segment.bytes"] = "52428800"
        case .changelog: configuration["cleanup.policy"] = "compact"
        case .tasks: configuration["cleanup.policy"] = "delete"
        }
        return configuration.merging(settings) { _, asked in asked }
    }
}
