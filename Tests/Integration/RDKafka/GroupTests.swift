import RDKafka
import Synchronization
import Testing

@Suite(.integration, .serialized) struct BrokerGroupTests {
    /// A member on a thread of its own that answers rebalances and keeps what it read.
    private final class Member: Sendable {
        struct Seen: Sendable {
            var values: [String] = []
            var partitions: Set<Int32> = []
            var lost = 0
        }

        let seen = Mutex(Seen())
        private let stopping = Atomic(false)

        func stop() { stopping.store(true, ordering: .releasing) }

        func run(_ cluster: TestCluster, _ topic: String, _ group: String, _ own: [String: String]) throws {
            let consumer = try cluster.consumer(group: group, own)
            try consumer.subscribe([topic])
            var next: [TopicPartition: Int64] = [:]
            func answer(_ event: ConsumerEvent) throws {
                let isIncremental = consumer.rebalanceProtocol == .cooperative
                switch event {
                case .assigned(let partitions):
                    let offsets = partitions.map { PartitionOffset($0, KafkaOffset.stored) }
                    if isIncremental { try consumer.incrementalAssign(offsets) } else { try consumer.assign(offsets) }
                    seen.withLock { $0.partitions.formUnion(partitions.map(\.partition)) }
                case .revoked(let partitions, let lost):
                    if lost { seen.withLock { $0.lost += 1 } }
                    let read = partitions.compactMap { partition in
                        next[partition].map { PartitionOffset(partition, $0) }
                    }
                    if !lost, !read.isEmpty { try consumer.commit(read, timeout: TestCluster.limit) }
                    for partition in partitions { next[partition] = nil }
                    if isIncremental { try consumer.incrementalUnassign(partitions) } else { try consumer.unassign() }
                    seen.withLock { $0.partitions.subtract(partitions.map(\.partition)) }
                case .failed(let error, _) where !error.isRetriable: throw error
                default: break
                }
            }
            var failure: (any Error)?
            while !stopping.load(ordering: .acquiring) {
                _ = try consumer.poll(timeout: .milliseconds(100)) { message in
                    let record = Received(message, of: consumer)
                    next[record.partition] = record.offset + 1
                    seen.withLock { $0.values.append(record.text ?? "null") }
                }
                while let event = consumer.nextEvent() { try answer(event) }
            }
            consumer.close(limit: .seconds(10)) { event in
                do { try answer(event) } catch { failure = error }
            }
            if let failure { throw failure }
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: ["range", "roundrobin", "cooperative-sticky"])
    func `two members share partitions, and one takes over what the other leaves`(strategy: String) async throws {
        try await TestCluster.with { cluster in
            let topic = try await cluster.topic("group", partitions: 4)
            let group = cluster.group("members")
            let members = [Member(), Member()]
            func run(_ member: Member) async throws {
                try await Blocking.run {
                    try member.run(cluster, topic, group, ["partition.assignment.strategy": strategy])
                }
            }
            func produce(_ range: Range<Int>) async throws {
                try await cluster.send(range.map { Sent.text("\($0)", partition: Int32($0 % 4)) }, to: topic)
            }
            func values() -> [String] { members.flatMap { $0.seen.withLock(\.values) } }

            async let first: Void = run(members[0])
            async let second: Void = run(members[1])
            try await eventually("half each") {
                members.allSatisfy { member in member.seen.withLock { $0.partitions.count == 2 } }
            }
            try await produce(0..<200)
            try await eventually("all records") { values().count >= 200 }
            members[0].stop()
            try await first
            try await eventually("all partitions") { members[1].seen.withLock { $0.partitions.count == 4 } }
            try await produce(200..<300)
            try await eventually("the rest") { values().count >= 300 }
            members[1].stop()
            try await second
            #expect(values().compactMap { Int($0) }.sorted() == Array(0..<300))
            #expect(members.allSatisfy { member in member.seen.withLock { $0.lost == 0 } })
            let committed = try await Blocking.run {
                try cluster.admin().groupOffsets(group, timeout: TestCluster.limit)
            }
            #expect(committed.map(\.offset) == [75, 75, 75, 75])
        }
    }
}
