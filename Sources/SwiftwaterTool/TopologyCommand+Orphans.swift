import ArgumentParser
import RDKafka
import Swiftwater

extension TopologyCommand {
    struct Orphans: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the internal topics of an application that its topology does not use any more.",
            discussion: """
                Only looks: delete what is printed with 'swiftwater topics delete', after every member runs the topology.
                """)
        @Argument(help: ArgumentHelp("The manifest of what is deployed.", valueName: "manifest.json")) var manifest:
            String
        @Option(help: "The application's id, with which its internal topics begin.") var applicationID: String
        @OptionGroup var cluster: ClusterOptions

        func run() async throws {
            let used = Set(try TopologyManifest(file: manifest).internalTopics(applicationID: applicationID))
            let names = try cluster.reporting {
                try Admin(cluster.configuration()).metadata(timeout: cluster.limit).topics.map(\.name).sorted()
            }
            for name in names where isInternal(name) && !used.contains(name) { try StandardStreams.print(name) }
        }

        /// By the names that Swiftwater and Kafka Streams give. An application whose id begins with this one's and a dash has such
        /// names too.
        private func isInternal(_ name: String) -> Bool {
            let endings = ["-changelog", "-repartition", "-topic", "-tasks"]
            return name.hasPrefix("\(applicationID)-") && endings.contains(where: name.hasSuffix)
        }
    }
}
