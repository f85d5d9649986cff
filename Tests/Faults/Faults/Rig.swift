import Foundation
import RDKafka

/// One run's broker, topics, workers and feed. For the main thread, which starts the children.
final class Rig {
    struct Options {
        var guarantee = Guarantee.exactlyOnce
        var workers = 4
        var rate = 400
        var cached = false
        /// A cluster of the user's.
        var servers: String?
        var sessionTimeout = 6_000
        var commitInterval = 100
        /// How many numbers are fed; nil until it is stopped.
        var numbers: Int64?
        var usesSmallDisks = false
        var isKept = false
        /// Stream threads of the first worker; the others have one.
        var threads = 2
    }

    let options: Options
    let directory: WorkDirectory
    let topics: ReferenceTopics
    let servers: String
    let broker: BrokerProcess?
    private(set) var workers: [WorkerProcess] = []
    private(set) var disks: [SmallDisk] = []
    let feed: Feed

    init(named name: String, _ options: Options) throws {
        self.options = options
        directory = try WorkDirectory(named: "swiftwater-\(name)")
        topics = ReferenceTopics(prefix: name)
        broker = options.servers == nil ? try BrokerProcess(directory) : nil
        try broker?.start()
        servers = options.servers ?? broker?.bootstrapServers ?? ""
        feed = Feed(servers, topics, rate: options.rate, limit: options.numbers)
        try makeTopics()
        for number in 0..<options.workers {
            let path = directory.path("state-\(number)")
            if options.usesSmallDisks {
                // Where mounting is not permitted no disk is filled, and the others are told.
                if let disk = try SmallDisk(path) { disks.append(disk) }
            } else {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            }
            workers.append(
                WorkerProcess(
                    "worker-\(number)", directory, stateDirectory: path,
                    arguments: [
                        "--bootstrap-servers", servers, "--prefix", topics.prefix, "--guarantee",
                        options.guarantee.rawValue, "--session-timeout", "\(options.sessionTimeout)",
                        "--commit-interval", "\(options.commitInterval)", "--threads",
                        number == 0 ? "\(options.threads)" : "1",
                    ] + (options.cached ? ["--cached"] : [])))
        }
    }

    private func makeTopics() throws {
        let admin = try Admin(KafkaConfiguration(["bootstrap.servers": servers]))
        let results = try admin.createTopics(
            topics.own.map { NewTopic($0, partitions: ReferenceTopics.partitions) }, timeout: .seconds(60))
        for result in results { if let error = result.error { throw error } }
    }

    private var reader: TopicReader {
        TopicReader(servers: servers, isCommittedOnly: options.guarantee == .exactlyOnce)
    }

    /// Waits until the application has committed all that was fed.
    /// - Returns: whether it has.
    func waitUntilDrained(limit: Duration, _ meanwhile: () throws -> Void) throws -> Bool {
        try OffsetCheck(topics: topics, reader: reader).waitUntilDrained(limit: limit, meanwhile)
    }

    /// Compares everything; the workers have ended.
    func compare(with outcome: FeedOutcome) throws -> Findings {
        var findings = Findings()
        let model = Model(outcome)
        let offsets = OffsetCheck(topics: topics, reader: reader)
        try offsets.run(into: &findings)
        try OutputCheck(
            topics: topics, reader: reader, model: model, guarantee: options.guarantee, cached: options.cached
        ).run(into: &findings)
        try StoreCheck(
            topics: topics, reader: reader, model: model, guarantee: options.guarantee, cached: options.cached,
            directories: workers.map { ($0.name, $0.stateDirectory) }, committed: offsets.committed()
        ).run(into: &findings)
        return findings
    }

    /// Ends all processes; removes what the run has left unless it is needed to see what went wrong.
    func close(keeping isKept: Bool) {
        for worker in workers { worker.kill() }
        broker?.kill()
        if isKept || options.isKept {
            Report.note("logs and data are in \(directory.root)")
            return
        }
        for disk in disks { disk.unmount() }
        directory.remove()
    }
}
