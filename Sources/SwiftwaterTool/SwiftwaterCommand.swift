import ArgumentParser

/// The tool's root: each subcommand is in a file of its own.
@main struct SwiftwaterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swiftwater",
        abstract: "Look into Kafka topics, write to them and read them; compare topologies.",
        discussion: """
            Examples:
              swiftwater topics create lines --partitions 8
              echo 'k:v' | swiftwater produce lines --key-separator :
              swiftwater consume lines --from-beginning --until-end --keys

            Exit codes: 0 done, 1 failed, 64 wrong usage.
            """,
        subcommands: [
            BrokerCommand.self, TopicsCommand.self, ProduceCommand.self, ConsumeCommand.self, TopologyCommand.self,
        ])
}
