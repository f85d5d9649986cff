import Foundation
import Logging
import NIOCore
import Synchronization

@testable import SwiftwaterBroker

/// A broker without sockets on a directory: topics, groups and transactions, asked over the protocol, with a clock that stands.
final class TransactionScene: Sendable {
    typealias Producer = Transaction.Producer

    let directory: String
    let topics: TopicRegistry
    let groups: GroupCoordinator
    let transactions: TransactionCoordinator
    let now: Mutex<Int64>
    /// Copies of the directory, one for each step of a transaction that was passed: what a crash there leaves behind.
    let crashes = Mutex<[(step: TransactionStep, directory: String)]>([])
    private let router: RequestRouter

    /// Topic "t" has the partitions 0 and 1, topic "in" has 0.
    init(directory: String? = nil, copiesAtSteps: Bool = false, now start: Int64 = 1_000_000) async throws {
        let directory =
            directory
            ?? FileManager.default.temporaryDirectory.appending(path: "transactions-\(UUID().uuidString)").path
        self.directory = directory
        now = Mutex(start)
        for name in ["topics", "groups", "transactions"] {
            try FileManager.default.createDirectory(
                atPath: "\(directory)/\(name)", withIntermediateDirectories: true)
        }
        let topics = try TopicRegistry(directory: "\(directory)/topics", defaultPartitions: 1, fsync: false)
        self.topics = topics
        if topics.topic("t") == nil {
            _ = try topics.create("t", partitionCount: 2, configs: [:], validateOnly: false)
            _ = try topics.create("in", partitionCount: 1, configs: [:], validateOnly: false)
        }
        let logger = Logger(label: "transactions")
        groups = try GroupCoordinator(
            directory: "\(directory)/groups", configuration: GroupConfiguration(), logger: logger,
            surroundings: .init(
                hasPartition: { topic, partition in topics.partition(topic, partition) != nil },
                node: { (id: 1, host: "localhost", port: 9092) }))
        let producerIDs = try ProducerIDs(path: "\(directory)/producer-ids")
        var surroundings = TransactionCoordinator.Surroundings(
            topics: topics, newProducerID: { () throws(BrokerError) in try producerIDs.take() })
        let clock = Reference<TransactionScene>()
        surroundings.now = { clock.value.withLock { $0?.now.withLock(\.self) ?? 0 } }
        surroundings.passed = { step in
            guard copiesAtSteps, let scene = clock.value.withLock({ $0 }) else { return }
            let copy = "\(directory)-\(UUID().uuidString)"
            guard (try? FileManager.default.copyItem(atPath: directory, toPath: copy)) != nil else { return }
            scene.crashes.withLock { $0.append((step, copy)) }
        }
        transactions = try TransactionCoordinator(
            directory: "\(directory)/transactions", logger: logger, groups: groups, surroundings: surroundings)
        var router = RequestRouter()
        groups.register(on: &router)
        transactions.register(on: &router)
        RecordRoutes(topics: topics, logger: logger).register(on: &router)
        self.router = router
        clock.value.withLock { $0 = self }
        await transactions.recover()
    }

    private final class Reference<Value: AnyObject & Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }

    /// As after SIGKILL: nothing is written any more, and what is there is read by another.
    func restarted(copiesAtSteps: Bool = false) async throws -> TransactionScene {
        await close()
        for crash in crashes.withLock(\.self) { try FileManager.default.removeItem(atPath: crash.directory) }
        return try await TransactionScene(
            directory: directory, copiesAtSteps: copiesAtSteps, now: now.withLock(\.self))
    }

    /// As after SIGKILL at one of the steps since the crashes were last taken.
    func crashed(at index: Int) async throws -> TransactionScene {
        let crashes = crashes.withLock { crashes in
            defer { crashes = [] }
            return crashes
        }
        for (other, crash) in crashes.enumerated() where other != index {
            try FileManager.default.removeItem(atPath: crash.directory)
        }
        await remove()
        return try await TransactionScene(
            directory: crashes[index].directory, copiesAtSteps: true, now: now.withLock(\.self))
    }

    func close() async {
        await transactions.shutdown()
        await groups.shutdown()
        topics.close()
    }

    func remove() async {
        await close()
        try? FileManager.default.removeItem(atPath: directory)
        for crash in crashes.withLock(\.self) { try? FileManager.default.removeItem(atPath: crash.directory) }
    }

    /// Time passes, and what is due is done.
    func pass(_ milliseconds: Int64) async {
        now.withLock { $0 += milliseconds }
        await transactions.wake()
    }

    // MARK: - Requests

    private func call<Answer>(
        _ key: APIKey, _ version: Int16, _ body: @Sendable (inout ProtocolWriter) -> Void,
        _ read: (inout ProtocolReader) throws(ProtocolError) -> Answer
    ) async throws -> Answer {
        let answer = try await router.answer(
            GroupClient.frame(key, version, body), clientHost: "127.0.0.1", connectionID: 1)
        var reader = ProtocolReader(answer ?? ByteBuffer(), isFlexible: key.isFlexible(version))
        _ = try reader.int32()
        _ = try reader.int32()
        try reader.taggedFields()
        let result = try read(&reader)
        try reader.taggedFields()
        if reader.remaining > 0 { throw ProtocolError.invalidValue("\(reader.remaining) bytes too many") }
        return result
    }

    struct Registration: Equatable {
        var error: ErrorCode
        var producer: Producer
    }

    func register(
        _ id: String? = "x", timeout: Int32 = 10_000, as expected: Producer = Producer(id: -1, epoch: -1),
        version: Int16 = 4
    ) async throws -> Registration {
        try await call(.initProducerID, version) { writer in
            writer.nullableString(id)
            writer.int32(timeout)
            if version >= 3 {
                writer.int64(expected.id)
                writer.int16(expected.epoch)
            }
        } _: { reader throws(ProtocolError) in
            _ = try reader.int32()
            return Registration(
                error: ErrorCode(rawValue: try reader.int16()),
                producer: Producer(id: try reader.int64(), epoch: try reader.int16()))
        }
    }

    /// By partition of the one topic.
    func add(
        _ producer: Producer, _ partitions: [Int32], of topic: String = "t", id: String = "x", version: Int16 = 3
    ) async throws -> [ErrorCode] {
        try await call(.addPartitionsToTransaction, version) { writer in
            writer.string(id)
            writer.int64(producer.id)
            writer.int16(producer.epoch)
            writer.array([topic]) { writer, topic in
                writer.string(topic)
                writer.int32s(partitions)
                writer.taggedFields()
            }
        } _: { reader throws(ProtocolError) in
            try Self.partitionErrors(&reader)
        }
    }

    func addOffsets(_ producer: Producer, group: String = "g", id: String = "x", version: Int16 = 3) async throws
        -> ErrorCode
    {
        try await call(.addOffsetsToTransaction, version) { writer in
            writer.string(id)
            writer.int64(producer.id)
            writer.int16(producer.epoch)
            writer.string(group)
        } _: { reader throws(ProtocolError) in
            _ = try reader.int32()
            return ErrorCode(rawValue: try reader.int16())
        }
    }

    func commitOffset(
        _ producer: Producer, _ offset: Int64, group: String = "g", generation: Int32 = -1, member: String = "",
        instance: String? = nil, id: String = "x", topic: String = "in", version: Int16 = 3
    ) async throws -> ErrorCode {
        let errors = try await call(.transactionOffsetCommit, version) { writer in
            writer.string(id)
            writer.string(group)
            writer.int64(producer.id)
            writer.int16(producer.epoch)
            if version >= 3 {
                writer.int32(generation)
                writer.string(member)
                writer.nullableString(instance)
            }
            writer.array([topic]) { writer, topic in
                writer.string(topic)
                writer.array([Int32(0)]) { writer, index in
                    writer.int32(index)
                    writer.int64(offset)
                    if version >= 2 { writer.int32(0) }
                    writer.nullableString("m")
                    writer.taggedFields()
                }
                writer.taggedFields()
            }
        } _: { reader throws(ProtocolError) in
            try Self.partitionErrors(&reader)
        }
        return errors[0]
    }

    func end(_ producer: Producer, commit: Bool, id: String = "x", version: Int16 = 3) async throws -> ErrorCode {
        try await call(.endTransaction, version) { writer in
            writer.string(id)
            writer.int64(producer.id)
            writer.int16(producer.epoch)
            writer.bool(commit)
        } _: { reader throws(ProtocolError) in
            _ = try reader.int32()
            return ErrorCode(rawValue: try reader.int16())
        }
    }

    private static func partitionErrors(_ reader: inout ProtocolReader) throws(ProtocolError) -> [ErrorCode] {
        _ = try reader.int32()
        let topics = try reader.array { reader throws(ProtocolError) in
            _ = try reader.string()
            let errors = try reader.array { reader throws(ProtocolError) in
                _ = try reader.int32()
                let error = ErrorCode(rawValue: try reader.int16())
                try reader.taggedFields()
                return error
            }
            try reader.taggedFields()
            return errors
        }
        return topics.flatMap(\.self)
    }

    // MARK: - Records and offsets

    func log(_ topic: String = "t", _ partition: Int32 = 0) throws -> PartitionLog {
        guard let found = topics.partition(topic, partition) else { throw LogFailure.io("no \(topic)-\(partition)") }
        return found.log
    }

    func produce(_ producer: Producer, _ value: String, sequence: Int32 = 0, partition: Int32 = 0, time: Int64 = 1_000)
        throws
    {
        let batch = BatchBuilder(
            values: [value], baseTimestamp: time, producerID: producer.id, producerEpoch: producer.epoch,
            baseSequence: sequence,
            attributes: 0x10
        ).bytes
        _ = try log("t", partition).append(batch, now: 0)
    }

    /// The values that a consumer of committed records gets.
    func committed(_ partition: Int32 = 0) throws -> [String] {
        let log = try log("t", partition)
        let fetched = try log.fetch(from: 0, maxBytes: 1 << 20, minOneBatch: true, isolation: .readCommitted)
        var pending = fetched.abortedTransactions ?? []
        var aborting: Set<Int64> = []
        var values: [String] = []
        var position = 0
        while let header = BatchHeader(fetched.records, at: position) {
            while let next = pending.first, next.firstOffset <= header.lastOffset {
                aborting.insert(next.producerID)
                pending.removeFirst()
            }
            if header.isControl {
                aborting.remove(header.producerID)
            } else if !aborting.contains(header.producerID) {
                // One short record: length, attributes, time, offset, null key, then the value.
                let length = fetched.records.getInteger(at: position + 66, as: UInt8.self).map { Int($0) / 2 } ?? 0
                values.append(fetched.records.getString(at: position + 67, length: length) ?? "?")
            }
            position += header.totalSize
        }
        return values
    }

    /// ListOffsets: -1 is the end, other times are those of records.
    func offset(at time: Int64, isolation: IsolationLevel) async throws -> Int64 {
        try await call(.listOffsets, 6) { writer in
            writer.int32(-1)
            writer.int8(isolation.rawValue)
            writer.array(["t"]) { writer, topic in
                writer.string(topic)
                writer.array([Int32(0)]) { writer, index in
                    writer.int32(index)
                    writer.int32(-1)
                    writer.int64(time)
                    writer.taggedFields()
                }
                writer.taggedFields()
            }
        } _: { reader throws(ProtocolError) in
            _ = try reader.int32()
            let topics = try reader.array { reader throws(ProtocolError) in
                _ = try reader.string()
                let offsets = try reader.array { reader throws(ProtocolError) in
                    _ = try reader.int32()
                    _ = try reader.int16()
                    _ = try reader.int64()
                    let offset = try reader.int64()
                    _ = try reader.int32()
                    try reader.taggedFields()
                    return offset
                }
                try reader.taggedFields()
                return offsets
            }
            return topics[0][0]
        }
    }

    struct GroupOffset: Equatable {
        var offset: Int64
        var error: ErrorCode
    }

    func committedOffset(group: String = "g", stable: Bool = true) async throws -> GroupOffset {
        try await call(.offsetFetch, 7) { writer in
            writer.string(group)
            writer.array(["in"]) { writer, topic in
                writer.string(topic)
                writer.int32s([0])
                writer.taggedFields()
            }
            writer.bool(stable)
        } _: { reader throws(ProtocolError) in
            _ = try reader.int32()
            let topics = try reader.array { reader throws(ProtocolError) in
                _ = try reader.string()
                let found = try reader.array { reader throws(ProtocolError) in
                    _ = try reader.int32()
                    let offset = try reader.int64()
                    _ = try reader.int32()
                    _ = try reader.nullableString()
                    let error = ErrorCode(rawValue: try reader.int16())
                    try reader.taggedFields()
                    return GroupOffset(offset: offset, error: error)
                }
                try reader.taggedFields()
                return found
            }
            _ = try reader.int16()
            return topics[0][0]
        }
    }
}
