import Foundation
import RDKafka

/// The topics of one run; their names begin alike, so that what the run made, and nothing else, can be removed.
struct RunTopics {
    private static let timeout = Duration.seconds(30)

    let addresses: String
    /// What all names of the run begin with.
    let run: String
    let options: WorkloadOptions
    private let admin: Admin

    init(addresses: String, options: WorkloadOptions) throws {
        self.addresses = addresses
        self.options = options
        run = "bench-\(ProcessInfo.processInfo.processIdentifier)-\(Int(Date().timeIntervalSince1970))"
        admin = try Admin(KafkaConfiguration(["bootstrap.servers": addresses]))
        do {
            _ = try admin.metadata(timeout: .seconds(10))
        } catch {
            throw BenchError("no broker answers at \(addresses) (\(error)): start one, or name another")
        }
    }

    var input: String { Self.name(of: "input", run: run) }

    static func name(of topic: String, run: String) -> String { "\(run)-\(topic)" }

    func make(_ names: [String]) throws {
        let topics = names.map { NewTopic($0, partitions: options.partitions) }
        try admin.createTopics(topics, timeout: Self.timeout).check()
    }

    /// Frees the disk and the page cache for the next part.
    func removeOutputs() throws { try remove { $0 != input } }

    func removeAll() { try? remove { _ in true } }

    private func remove(_ isUnneeded: (String) -> Bool) throws {
        let names = try admin.metadata(timeout: Self.timeout).topics.map(\.name)
        let unneeded = names.filter { $0.hasPrefix("\(run)-") && isUnneeded($0) }
        try admin.deleteTopics(unneeded, timeout: Self.timeout).check()
    }
}
