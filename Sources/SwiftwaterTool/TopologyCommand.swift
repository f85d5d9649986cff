import ArgumentParser
import Foundation
import Swiftwater

struct TopologyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topology",
        abstract: "Compare topologies before they are deployed, and find topics that nothing uses.",
        discussion: """
            A topology writes its manifest with Topology.manifest().json(); keep the one that is deployed.

            Examples:
              swiftwater topology plan deployed.json next.json
              swiftwater topology orphans next.json --application-id orders
            """,
        subcommands: [Plan.self, Orphans.self])

    struct Plan: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say which stores and topics an upgrade keeps, renames or orphans, and where it loses state.",
            discussion: """
                Exit codes: 0 no state is lost (or --allow-loss), 2 state is lost, 1 a manifest could not be read.
                """)
        @Argument(help: ArgumentHelp("The manifest of what is deployed.", valueName: "old.json")) var old: String
        @Argument(help: ArgumentHelp("The manifest of what is to be deployed.", valueName: "new.json")) var new: String
        @Flag(help: "Lost state is a success.") var allowLoss = false

        func run() async throws {
            let upgrade = TopologyUpgrade(from: try TopologyManifest(file: old), to: try TopologyManifest(file: new))
            try StandardStreams.print("\(upgrade)")
            if upgrade.losesState, !allowLoss { throw ExitCode(2) }
        }
    }
}

extension TopologyManifest {
    /// Reads a file; what is wrong with it becomes one line.
    init(file: String) throws {
        let text: String
        do {
            text = try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            throw ToolError("cannot read \(file): \(error.localizedDescription)")
        }
        do {
            self = try TopologyManifest(json: text)
        } catch let error as StreamsError {
            throw ToolError("\(file): \(error.message)")
        }
    }
}
