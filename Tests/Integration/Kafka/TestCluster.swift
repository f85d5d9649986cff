import Foundation
import RDKafka
import Synchronization

/// A Kafka cluster as a test sees it: the one of `KAFKA_BOOTSTRAP_SERVERS`, or else the embedded broker.
///
/// Names that it gives are no other test's; the topics and groups are deleted when the test is over.
final class TestCluster: Sendable {
    private struct Names {
        var topics: [String] = []
        var groups: [String] = []
    }

    let bootstrapServers: String
    private let names = Mutex(Names())
    static let limit = Duration.seconds(30)

    init(_ bootstrapServers: String) {
        self.bootstrapServers = bootstrapServers
    }

    /// A cluster of the user, which tests must not kill.
    static var given: String? {
        ProcessInfo.processInfo.environment["KAFKA_BOOTSTRAP_SERVERS"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The address of the cluster that tests share: that of the user, or else the embedded broker, which the first caller starts.
    static func servers() async throws -> String {
        try IntegrationTrait.requirePlace()
        if let given { return given }
        return try await BrokerProcess.sharedServers()
    }

    static func with<Result>(_ body: (TestCluster) async throws -> Result) async throws -> Result {
        let cluster = TestCluster(try await servers())
        do {
            let result = try await body(cluster)
            try await cluster.cleanUp()
            return result
        } catch {
            try? await cluster.cleanUp()
            throw error
        }
    }

    // MARK: Names

    func topic(_ stem: String, partitions: Int = 1, configuration: [String: String] = [:]) async throws -> String {
        let name = newTopicName(stem)
        try await create(name, partitions: partitions, configuration: configuration)
        return name
    }

    /// Makes a topic of a name that the test deletes itself, and returns when it can be read.
    func create(_ name: String, partitions: Int, configuration: [String: String] = [:]) async throws {
        try await Blocking.run { [self] in
            try admin().createTopics(
                [NewTopic(name, partitions: partitions, configuration: configuration)], timeout: Self.limit
            ).check()
        }
        // A real cluster answers before all of it knows the topic.
        try await eventually("\(name) is known", limit: Self.limit) {
            try await Blocking.run { [self] in try endOffsetsIfKnown(name, partitions: partitions) != nil }
        }
    }

    /// Returns when no transaction hides records of a topic: a real cluster ends transactions after it has answered.
    func waitUntilStable(_ topic: String) async throws {
        try await eventually("no transaction of \(topic) is open", limit: Self.limit) {
            try await Blocking.run { [self] in
                try endOffsets(topic, isolation: "read_committed") == endOffsets(topic, isolation: "read_uncommitted")
            }
        }
    }

    /// A name for something that the test makes and that is to be deleted after it.
    func newTopicName(_ stem: String) -> String {
        let name = "\(stem)-\(Self.suffix())"
        names.withLock { $0.topics.append(name) }
        return name
    }

    func group(_ stem: String) -> String {
        let name = "\(stem)-\(Self.suffix())"
        names.withLock { $0.groups.append(name) }
        return name
    }

    func transactionalID(_ stem: String) -> String { "\(stem)-\(Self.suffix())" }

    private static func suffix() -> String { String(UUID().uuidString.prefix(8)).lowercased() }

    /// Deletes also topics whose names begin with a group's, as an application's internal topics do.
    private func cleanUp() async throws {
        let names = names.withLock { $0 }
        try await Blocking.run { [self] in
            let admin = try admin()
            let existing = try admin.metadata(timeout: Self.limit).topics.map(\.name)
            let internals = existing.filter { topic in names.groups.contains { topic.hasPrefix("\($0)-") } }
            let topics = Set(names.topics).intersection(existing).union(internals)
            try admin.deleteTopics(topics.sorted(), timeout: Self.limit).check(except: [.unknownTopicOrPartition])
            // A member that was killed stays in its group for a session: such a group goes when its offsets expire.
            try admin.deleteGroups(names.groups, timeout: Self.limit).check(except: [.groupIDNotFound, .nonEmptyGroup])
        }
    }

    // MARK: Clients, to be used on threads that may block

    func configuration(_ own: [String: String] = [:]) -> KafkaConfiguration {
        KafkaConfiguration(own.merging(["bootstrap.servers": bootstrapServers]) { first, _ in first })
    }

    func admin() throws -> Admin { try Admin(configuration()) }

    func producer(_ own: [String: String] = [:]) throws -> Producer {
        try Producer(configuration(own.merging(["linger.ms": "1"]) { first, _ in first }))
    }

    func consumer(group: String = "swiftwater-tests", _ own: [String: String] = [:]) throws -> Consumer {
        let defaults = [
            "group.id": group, "auto.offset.reset": "earliest", "fetch.wait.max.ms": "50",
            "session.timeout.ms": "10000", "heartbeat.interval.ms": "500", "enable.partition.eof": "true",
        ]
        return try Consumer(configuration(own.merging(defaults) { first, _ in first }))
    }

    /// The end of each partition of the topic, or where the first open transaction begins.
    func endOffsets(_ topic: String, isolation: String = "read_committed") throws -> [Int32: Int64] {
        let found = try admin().metadata(topic: topic, timeout: Self.limit).topics.first { $0.name == topic }
        let partitions = (found?.partitions ?? []).map { TopicPartition(topic, $0.id) }
        let consumer = try consumer(["isolation.level": isolation])
        defer { consumer.close(limit: .seconds(5)) }
        let ends = try consumer.endOffsets(partitions, timeout: Self.limit)
        return Dictionary(ends.map { ($0.topicPartition.partition, $0.offset) }) { first, _ in first }
    }

    private func endOffsetsIfKnown(_ topic: String, partitions: Int) throws -> [Int32: Int64]? {
        guard let ends = try? endOffsets(topic), ends.count == partitions else { return nil }
        return ends
    }
}
