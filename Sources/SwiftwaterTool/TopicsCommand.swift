import ArgumentParser
import RDKafka

struct TopicsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topics", abstract: "List, make, change, describe and delete topics.",
        discussion: """
            Examples:
              swiftwater topics list
              swiftwater topics create counts --partitions 4 --config cleanup.policy=compact
              swiftwater topics alter counts --config delete.retention.ms=60000
              swiftwater topics describe counts
              swiftwater topics delete counts
            """,
        subcommands: [List.self, Create.self, Alter.self, Describe.self, Delete.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the names of all topics, sorted.")
        @OptionGroup var cluster: ClusterOptions

        func run() async throws {
            let names = try cluster.reporting {
                try Admin(cluster.configuration()).metadata(timeout: cluster.limit).topics.map(\.name).sorted()
            }
            for name in names { try StandardStreams.print(name) }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a topic.")
        @Argument(help: "The topic's name.") var topic: String
        @Option(name: .shortAndLong, help: "How many partitions it gets.") var partitions = 1
        @Option(help: "How many brokers hold a copy; -1 leaves it to the cluster.") var replicationFactor = -1
        @Option(help: ArgumentHelp("A topic setting; can be repeated.", valueName: "name=value"))
        var config: [String] = []
        @Flag(help: "A topic that exists is a success.") var ifNotExists = false
        @OptionGroup var cluster: ClusterOptions

        func validate() throws {
            guard partitions > 0 else { throw ValidationError("--partitions must be at least 1.") }
            for setting in config where !setting.dropFirst().contains("=") {
                throw ValidationError("--config '\(setting)' is not of the form name=value.")
            }
        }

        func run() async throws {
            var settings: [String: String] = [:]
            for setting in config {
                let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                settings[String(parts[0])] = String(parts[1])
            }
            let new = NewTopic(
                topic, partitions: partitions, replicationFactor: replicationFactor, configuration: settings)
            try cluster.reporting {
                try Admin(cluster.configuration()).createTopics([new], timeout: cluster.limit)
                    .check(except: ifNotExists ? [.topicAlreadyExists] : [])
            }
        }
    }

    struct Describe: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print a topic's partitions and its own settings.")
        @Argument(help: "The topic's name.") var topic: String
        @OptionGroup var cluster: ClusterOptions

        func run() async throws {
            let admin = try cluster.reporting { try Admin(cluster.configuration()) }
            let partitions = try cluster.reporting { try admin.partitions(of: topic, timeout: cluster.limit) }
            let settings = try cluster.reporting {
                try admin.describeConfigs([.topic(topic)], timeout: cluster.limit)
            }
            try StandardStreams.print("topic \(topic), \(partitions.count) partitions")
            for partition in partitions {
                let replicas = partition.replicas.map(String.init).joined(separator: ",")
                let inSync = partition.inSyncReplicas.map(String.init).joined(separator: ",")
                try StandardStreams.print(
                    "  partition \(partition.id): leader \(partition.leader), replicas \(replicas), in sync \(inSync)")
            }
            for entry in settings.flatMap(\.entries).filter({ !$0.isDefault }).sorted(by: { $0.name < $1.name }) {
                try StandardStreams.print("  \(entry.name)=\(entry.isSensitive ? "(hidden)" : entry.value ?? "")")
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete topics and all their records.")
        @Argument(help: "The topics' names.") var topics: [String]
        @OptionGroup var cluster: ClusterOptions

        func run() async throws {
            try cluster.reporting {
                try Admin(cluster.configuration()).deleteTopics(topics, timeout: cluster.limit).check()
            }
        }
    }
}

extension Admin {
    /// The partitions in order; throws for a topic that does not exist.
    func partitions(of topic: String, timeout: Duration) throws -> [ClusterMetadata.Partition] {
        let found = try metadata(topic: topic, timeout: timeout).topics.first { $0.name == topic }
        if let error = found?.error {
            throw KafkaError(error, operation: "find the topic", subject: .topic(topic))
        }
        guard let found, !found.partitions.isEmpty else {
            throw KafkaError(.unknownTopicOrPartition, operation: "find the topic", subject: .topic(topic))
        }
        return found.partitions.sorted { $0.id < $1.id }
    }
}
