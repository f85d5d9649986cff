import Foundation
import RDKafka
import Swiftwater
import Synchronization

/// The word count as several processes, with its topics; the processes are gone when the body is over.
final class WordCountGroup: Sendable {
    let cluster: TestCluster
    /// The application id, and so the group.
    let application: String
    let lines: String
    let counts: String
    let partitions: Int
    private let commitInterval: Duration
    private let directory: TemporaryDirectory
    private let children = Mutex<[Worker]>([])

    var repartition: String { "\(application)-counts-repartition" }
    var changelog: String { "\(application)-counts-changelog" }

    private init(_ cluster: TestCluster, partitions: Int, commitInterval: Duration) async throws {
        self.cluster = cluster
        self.partitions = partitions
        self.commitInterval = commitInterval
        application = cluster.group("word-count")
        lines = try await cluster.topic("lines", partitions: partitions)
        counts = try await cluster.topic("counts", partitions: partitions)
        directory = try TemporaryDirectory("workers")
    }

    static func with(
        partitions: Int = 8, commitInterval: Duration, _ body: (WordCountGroup) async throws -> Void
    ) async throws {
        try await TestCluster.with { cluster in
            let group = try await WordCountGroup(cluster, partitions: partitions, commitInterval: commitInterval)
            defer { group.directory.remove() }
            do {
                try await body(group)
                await group.killAll()
            } catch {
                await group.killAll()
                throw group.children.withLock { $0 }.reduce(error) { ChildError($0, $1.child) }
            }
        }
    }

    private func killAll() async {
        for worker in children.withLock({ $0 }) { await worker.child.kill() }
    }

    /// Starts a worker; one of the same name goes on with the other's state directory.
    func start(_ name: String) throws -> Worker {
        let milliseconds = Int(commitInterval / .milliseconds(1))
        let child = try ChildProcess(
            try Programs.wordCount,
            [
                "--worker", "--bootstrap-servers", cluster.bootstrapServers, "--application-id", application,
                "--lines", lines, "--counts", counts, "--threads", "1", "--commit-interval", "\(milliseconds)",
                "--state", "\(directory.path)/\(name)",
            ])
        let worker = Worker(name: name, child: child)
        children.withLock { $0.append(worker) }
        return worker
    }

    // MARK: What Kafka holds

    /// Reads the counts from the beginning until they are enough; the last one of a word counts.
    func counts(
        _ what: String, limit: Duration = .seconds(120), until isEnough: @escaping @Sendable ([String: Int64]) -> Bool
    ) async throws -> [String: Int64] {
        try await Blocking.run { [self] in
            let consumer = try cluster.consumer()
            defer { consumer.close(limit: .seconds(5)) }
            try consumer.assign(
                (0..<partitions).map {
                    PartitionOffset(RDKafka.TopicPartition(counts, Int32($0)), KafkaOffset.beginning)
                })
            var latest: [String: Int64] = [:]
            let deadline = ContinuousClock.now + limit
            while !isEnough(latest) {
                guard ContinuousClock.now < deadline else {
                    throw ChildError("not \(what) within \(limit), but \(latest.values.reduce(0, +)) words")
                }
                var failure: (any Error)?
                _ = try consumer.poll(timeout: .milliseconds(200)) { message in
                    guard let key = message.keyBytes else { return }
                    do {
                        let value = try Serde<Int64>.int64.deserialize(message.valueBytes.map { Array($0) })
                        latest[String(decoding: key, as: UTF8.self)] = value
                    } catch {
                        failure = error
                    }
                }
                if let failure { throw failure }
                while let event = consumer.nextEvent() {
                    if case .failed(let error, _) = event, !error.isRetriable { throw error }
                }
            }
            return latest
        }
    }

    /// Waits until so many more words are counted than there are now.
    func counts(more words: Int64) async throws {
        let start = try await countsAtEnd().values.reduce(0, +)
        _ = try await counts("\(words) words more than \(start)") { $0.values.reduce(0, +) >= start + words }
    }

    /// The last count of each word, of all that the topic holds now.
    func countsAtEnd() async throws -> [String: Int64] {
        var latest: [String: Int64] = [:]
        for record in try await cluster.records(of: counts) {
            guard let key = record.keyText else { continue }
            latest[key] = try Serde<Int64>.int64.deserialize(record.value)
        }
        return latest
    }

    /// Where each partition ends.
    func ends(_ topic: String) async throws -> [Int32: Int64] {
        try await Blocking.run { [cluster] in try cluster.endOffsets(topic) }
    }

    /// What the group has committed of the topic; 0 where it has nothing.
    func committed(_ topic: String) async throws -> [Int32: Int64] {
        try await Blocking.run { [self] in try committed(topic, cluster.admin()) }
    }

    /// Waits until the group has committed so often that something of the topic's partitions moved on.
    func commits(_ times: Int, of topic: String, _ watched: Set<Int32>, limit: Duration = .seconds(60)) async throws {
        try await Blocking.run { [self] in
            let admin = try cluster.admin()
            let deadline = ContinuousClock.now + limit
            for _ in 0..<times {
                let before = try committed(topic, admin).filter { watched.contains($0.key) }
                while try committed(topic, admin).filter({ watched.contains($0.key) }) == before {
                    guard ContinuousClock.now < deadline else { throw ChildError("no commit within \(limit)") }
                }
            }
        }
    }

    private func committed(_ topic: String, _ admin: Admin) throws -> [Int32: Int64] {
        let all = (0..<partitions).map { RDKafka.TopicPartition(topic, Int32($0)) }
        let offsets = try admin.groupOffsets(application, all, timeout: TestCluster.limit)
        return Dictionary(offsets.map { ($0.topicPartition.partition, max(0, $0.offset)) }) { first, _ in first }
    }
}
