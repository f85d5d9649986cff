import Foundation
import Logging
import Metrics
import RDKafka
import Swiftwater
import SwiftwaterKafka
import Synchronization

/// Topics, applications and records of one test, under names of its own, and their removal.
final class StreamsFixture: Sendable {
    /// The prefix of all names of this test.
    let name = "t\(UUID().uuidString.prefix(8).lowercased())"
    let cluster: TestCluster
    private let root: String

    var servers: String { cluster.bootstrapServers }

    private init(_ servers: String) {
        cluster = TestCluster(servers)
        root = FileManager.default.temporaryDirectory.appending(path: name).path
    }

    /// Runs a test on the broker that all share, and cleans up behind it.
    static func run(_ body: (StreamsFixture) async throws -> Void) async throws {
        try await run(on: TestCluster.servers(), body)
    }

    /// Runs a test on a broker of its own, and cleans up behind it.
    static func run(on servers: String, _ body: (StreamsFixture) async throws -> Void) async throws {
        let fixture = StreamsFixture(servers)
        do {
            try await body(fixture)
        } catch {
            try? await fixture.cleanUp()
            throw error
        }
        try await fixture.cleanUp()
    }

    private func cleanUp() async throws {
        try? FileManager.default.removeItem(atPath: root)
        try await Blocking.run { [self] in
            let admin = try Admin(configuration())
            let metadata = try admin.metadata(timeout: .seconds(20))
            let own = metadata.topics.map(\.name).filter { $0.hasPrefix("\(name)-") }
            _ = try admin.deleteTopics(own, timeout: .seconds(20))
            // A member that was killed stays in its group for a session: such a group goes when its offsets expire.
            let groups = try admin.listGroups(timeout: .seconds(20)).groups.map(\.groupID)
            _ = try admin.deleteGroups(groups.filter { $0.hasPrefix("\(name)-") }, timeout: .seconds(20))
        }
    }

    private func configuration(_ own: [String: String] = [:]) -> KafkaConfiguration {
        KafkaConfiguration(own.merging(["bootstrap.servers": servers]) { first, _ in first })
    }

    // MARK: Topics and records

    func topic(_ topic: String) -> String { "\(name)-\(topic)" }

    func create(_ topic: String, partitions: Int) async throws {
        try await cluster.create(self.topic(topic), partitions: partitions)
    }

    func grow(_ topic: String, to partitions: Int) async throws {
        try await Blocking.run { [self] in
            try Admin(configuration()).createPartitions(
                [self.topic(topic): partitions], timeout: .seconds(20)
            ).check()
        }
    }

    /// Produces texts to the partitions in turn, and returns when all are acknowledged.
    func produce(_ values: [String], to topic: String, age: Duration = .zero) async throws {
        let timestamp = Int64((Date().timeIntervalSince1970 - age / .seconds(1)) * 1_000)
        try await Blocking.run { [self] in
            let producer = try Producer(configuration())
            let handle = try producer.topic(self.topic(topic))
            let count = try producer.partitionCount(handle, timeout: .seconds(20))
            var failure: KafkaErrorCode?
            for (index, value) in values.enumerated() {
                let bytes = Array(value.utf8)
                let outcome = try bytes.withUnsafeBytes {
                    try producer.produce(
                        to: handle, partition: Int32(index % count), key: nil, value: $0, timestamp: timestamp)
                }
                precondition(outcome == .queued, "more records than the queue holds")
            }
            let isDelivered = try producer.flush(timeout: .seconds(30)) { failure = failure ?? $0.code }
            guard isDelivered, failure == nil else {
                throw KafkaError(failure ?? .timedOut, operation: "produce the records of a test")
            }
        }
    }

    /// All records of a topic as key and number, partition by partition.
    func counts(in topic: String) async throws -> [(key: String, value: Int64)] {
        try await cluster.records(of: self.topic(topic)).map { record in
            (try Serde<String>.string.deserialize(record.key), try Serde<Int64>.int64.deserialize(record.value))
        }
    }

    /// The last number of each key.
    func lastCounts(in topic: String) async throws -> [String: Int64] {
        Dictionary(try await counts(in: topic)) { _, last in last }
    }

    /// Returns when the group has committed all that the topics hold.
    func waitUntilCommitted(_ topics: [String], group: String) async throws {
        let (names, group) = (topics.map(topic), topic(group))
        try await Blocking.run { [self] in
            let admin = try Admin(configuration())
            let reader = try Consumer(configuration(["group.id": name + "-watch"]))
            defer { reader.close(limit: .seconds(5)) }
            let metadata = try admin.metadata(timeout: .seconds(20))
            let partitions = metadata.topics.filter { names.contains($0.name) }.flatMap { topic in
                topic.partitions.map { RDKafka.TopicPartition(topic.name, $0.id) }
            }
            let deadline = ContinuousClock.now + .seconds(60)
            while ContinuousClock.now < deadline {
                let committed = try admin.groupOffsets(group, partitions, timeout: .seconds(20))
                let known = Dictionary(committed.map { ($0.topicPartition, $0.offset) }) { first, _ in first }
                let ends = try reader.endOffsets(partitions, timeout: .seconds(20))
                if ends.allSatisfy({ $0.offset == 0 || (known[$0.topicPartition] ?? -1) >= $0.offset }) { return }
                Thread.sleep(forTimeInterval: 0.05)
            }
            throw KafkaError(.timedOut, operation: "wait for the offsets of \(group)")
        }
    }

    /// Where a topic's partitions begin and end, and how far a group has committed them; 0 where it has not.
    func standing(of topic: String, group: String) async throws -> [(beginning: Int64, end: Int64, committed: Int64)] {
        let (topic, group) = (self.topic(topic), self.topic(group))
        return try await Blocking.run { [self] in
            let admin = try Admin(configuration())
            let metadata = try admin.metadata(topic: topic, timeout: .seconds(20))
            let partitions = metadata.topics.flatMap(\.partitions).map { RDKafka.TopicPartition(topic, $0.id) }
            let reader = try Consumer(configuration(["group.id": name + "-watch"]))
            defer { reader.close(limit: .seconds(5)) }
            // Asked in this order, so that what moves meanwhile only moves away from what came before.
            let beginnings = try reader.beginningOffsets(partitions, timeout: .seconds(20))
            let committed = try admin.groupOffsets(group, partitions, timeout: .seconds(20))
            let ends = try reader.endOffsets(partitions, timeout: .seconds(20))
            func offset(_ partition: RDKafka.TopicPartition, in offsets: [PartitionOffset]) -> Int64 {
                max(0, offsets.first { $0.topicPartition == partition }?.offset ?? 0)
            }
            return partitions.map { partition in
                (
                    offset(partition, in: beginnings), offset(partition, in: ends), offset(partition, in: committed)
                )
            }
        }
    }

    // MARK: Applications

    /// An application under the test's names; `directory` tells processes apart.
    func application(
        _ topology: Topology,
        id: String = "app",
        directory: String = "a",
        metrics: (any MetricsFactory)? = nil,
        logger given: Logger? = nil,
        _ change: (inout StreamsConfiguration) -> Void = { _ in }
    ) throws -> StreamsApplication {
        var configuration = StreamsConfiguration(applicationID: topic(id), bootstrapServers: [servers])
        configuration.stateDirectory = "\(root)/\(directory)"
        configuration.commitInterval = .milliseconds(100)
        configuration.heartbeatInterval = .milliseconds(200)
        configuration.sessionTimeout = .seconds(6)
        change(&configuration)
        var logger = given ?? Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        if given == nil, ProcessInfo.processInfo.environment["SWIFTWATER_TEST_LOG"] != nil {
            logger = Logger(label: directory)
        }
        return try StreamsApplication(topology, configuration: configuration, logger: logger, metrics: metrics)
    }

    /// Counts words through a repartition topic: `lines` to `counts`.
    func wordCount(named prefix: String = "", storeType: StoreType = .persistent) throws -> Topology {
        let builder = StreamsBuilder()
        builder.stream(topic("lines"), key: .optional(.string), value: .string)
            .flatMapValues { $0.split(separator: " ").map(String.init) }
            .groupBy(key: .string) { _, word in word }
            .count(as: Materialized("\(prefix)counts", storeType: storeType))
            .toStream()
            .to(topic("counts"), key: .string, value: .int64)
        return try builder.build()
    }

    /// The repartition topic of ``wordCount(named:)``, without the test's prefix.
    static let repartition = "app-counts-repartition"
}

/// What a restore listener was told, for tests.
final class RestoreLog: StateRestoreListener {
    private struct Told {
        var started: [StateRestore] = []
        var records: [Int32: Int] = [:]
        var ended: [StateRestore] = []
    }

    private let told = Mutex(Told())

    /// The restores that have ended.
    var restores: [StateRestore] { told.withLock { $0.ended } }

    /// The restores that have begun.
    var started: [StateRestore] { told.withLock { $0.started } }

    /// How many records were told in batches, by partition of the changelog.
    var records: [Int32: Int] { told.withLock { $0.records } }

    func restoreStarted(_ restore: StateRestore) {
        told.withLock { $0.started.append(restore) }
    }

    func batchRestored(_ restore: StateRestore, records: Int) {
        told.withLock { $0.records[restore.partition, default: 0] += records }
    }

    func restoreEnded(_ restore: StateRestore) {
        told.withLock { $0.ended.append(restore) }
    }
}
