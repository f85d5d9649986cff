import ArgumentParser

/// What a user runs.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swiftwater-bench", abstract: "Measure throughput, CPU and memory, and print them as a table.",
        discussion: """
            Parts:
            \(Part.allCases.map { "  \($0.rawValue): \($0.summary)" }.joined(separator: "\n"))

            CPU and memory are those of the measured process. The ratio is to the part 'loop', the ceiling.

            Examples:
              swift run -c release swiftwater-bench
              swift run -c release swiftwater-bench --records 500000 --zipf --only loop,stateless --json
            """)

    @OptionGroup var workload: WorkloadOptions
    @Option(help: ArgumentHelp("A cluster to use instead of an embedded broker.", valueName: "addresses"))
    var bootstrapServers: String?
    @Option(help: ArgumentHelp("Measure these parts only.", valueName: "name,…")) var only: String?
    @Flag(help: "Print JSON instead of the table.") var json = false

    func validate() throws { _ = try parts() }

    func run() async throws {
        let broker = try bootstrapServers == nil ? BrokerProcess() : nil
        defer { broker?.stop() }
        let addresses = bootstrapServers ?? broker?.addresses ?? ""
        let topics = try RunTopics(addresses: addresses, options: workload)
        defer { topics.removeAll() }
        let session = Session(topics: topics, options: workload, broker: broker)
        try topics.make([topics.input])
        Progress.note("\(workload.summary), \(broker == nil ? addresses : "embedded broker")")
        MachineLoad.warn()
        _ = try session.measure(.preload)
        var results: [Measurement] = []
        for part in try parts() { results.append(try session.measure(part)) }
        let report = Report(workload: workload, results: results)
        print(json ? try report.json() : report.table())
    }

    private func parts() throws -> [Part] {
        guard let only else { return Part.allCases.filter(isPossible) }
        let names = only.split(separator: ",").map(String.init)
        for name in names where !Part.allCases.contains(where: { $0.rawValue == name }) {
            throw ValidationError(
                "--only: there is no part '\(name)'; there are \(Part.allCases.map(\.rawValue).joined(separator: ", "))."
            )
        }
        let parts = Part.allCases.filter { names.contains($0.rawValue) }
        guard parts.allSatisfy(isPossible) else {
            throw ValidationError("A group of two needs --partitions 2 or more.")
        }
        return parts
    }

    private func isPossible(_ part: Part) -> Bool { part != .group || workload.partitions > 1 }
}
