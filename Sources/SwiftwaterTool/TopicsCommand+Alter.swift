import ArgumentParser
import RDKafka

extension TopicsCommand {
    struct Alter: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change a topic's own settings.",
            discussion: """
                The settings are read, changed and written back as a whole: do not run two at once for one topic.

                Examples:
                  swiftwater topics alter counts --config retention.ms=60000 --config segment.ms=10000
                  swiftwater topics alter counts --delete-config retention.ms
                """)
        @Argument(help: "The topic's name.") var topic: String
        @Option(help: ArgumentHelp("A topic setting; can be repeated.", valueName: "name=value"))
        var config: [String] = []
        @Option(help: ArgumentHelp("A setting that goes back to its default; can be repeated.", valueName: "name"))
        var deleteConfig: [String] = []
        @OptionGroup var cluster: ClusterOptions

        func validate() throws {
            guard !config.isEmpty || !deleteConfig.isEmpty else {
                throw ValidationError("Name a change: --config or --delete-config.")
            }
            for setting in config where !setting.dropFirst().contains("=") {
                throw ValidationError("--config '\(setting)' is not of the form name=value.")
            }
        }

        func run() async throws {
            let admin = try cluster.reporting { try Admin(cluster.configuration()) }
            try cluster.reporting {
                guard let known = try admin.describeConfigs([.topic(topic)], timeout: cluster.limit).first else {
                    return
                }
                if let error = known.error { throw error }
                var settings: [String: String] = [:]
                for entry in known.entries where entry.source == .dynamicTopic { settings[entry.name] = entry.value }
                for name in deleteConfig { settings[name] = nil }
                for setting in config {
                    let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                    settings[String(parts[0])] = String(parts[1])
                }
                try admin.alterConfigs([.topic(topic): settings], timeout: cluster.limit).check()
            }
        }
    }
}
