import NIOCore

/// One fact about groups, as it is appended to the offset log. Applying all of them in order gives the state.
enum OffsetLogRecord: Equatable, Sendable, LoggedRecord {
    static let fileName = "offsets.log"

    struct Entry: Equatable, Sendable {
        var topic: String
        var partition: Int32
        var offset: CommittedOffset
    }

    /// A generation has begun. It also keeps the group in the list without any offset.
    case generation(group: String, generation: Int32, protocolType: String)
    /// The members of a generation and what each was assigned.
    case membership(group: String, GroupMembership)
    /// All of one commit, so that a crash keeps all of it or nothing.
    case commit(group: String, entries: [Entry])
    /// Offsets that wait for the end of a producer's transaction.
    case stage(group: String, producerID: Int64, entries: [Entry])
    case endTransaction(group: String, producerID: Int64, committing: Bool)
    case removeOffsets(group: String, topic: String, partitions: [Int32])
    case removeGroup(String)
    case removeTopic(String)

    private enum Kind: Int8 {
        case generation = 1
        case commit, stage, endTransaction, removeOffsets, removeGroup, removeTopic, membership
    }

    init(from reader: inout ProtocolReader) throws(ProtocolError) {
        let code = try reader.int8()
        guard let kind = Kind(rawValue: code) else { throw .invalidValue("offset log record of kind \(code)") }
        switch kind {
        case .generation:
            self = .generation(
                group: try reader.string(), generation: try reader.int32(), protocolType: try reader.string())
        case .membership:
            self = .membership(group: try reader.string(), try GroupMembership(from: &reader))
        case .commit:
            self = .commit(group: try reader.string(), entries: try Self.entries(&reader))
        case .stage:
            self = .stage(
                group: try reader.string(), producerID: try reader.int64(), entries: try Self.entries(&reader))
        case .endTransaction:
            self = .endTransaction(
                group: try reader.string(), producerID: try reader.int64(), committing: try reader.bool())
        case .removeOffsets:
            self = .removeOffsets(
                group: try reader.string(), topic: try reader.string(), partitions: try reader.int32Array())
        case .removeGroup: self = .removeGroup(try reader.string())
        case .removeTopic: self = .removeTopic(try reader.string())
        }
    }

    func write(to writer: inout ProtocolWriter) {
        switch self {
        case .generation(let group, let generation, let protocolType):
            writer.int8(Kind.generation.rawValue)
            writer.string(group)
            writer.int32(generation)
            writer.string(protocolType)
        case .membership(let group, let membership):
            writer.int8(Kind.membership.rawValue)
            writer.string(group)
            membership.write(to: &writer)
        case .commit(let group, let entries):
            writer.int8(Kind.commit.rawValue)
            writer.string(group)
            Self.write(entries, to: &writer)
        case .stage(let group, let producerID, let entries):
            writer.int8(Kind.stage.rawValue)
            writer.string(group)
            writer.int64(producerID)
            Self.write(entries, to: &writer)
        case .endTransaction(let group, let producerID, let committing):
            writer.int8(Kind.endTransaction.rawValue)
            writer.string(group)
            writer.int64(producerID)
            writer.bool(committing)
        case .removeOffsets(let group, let topic, let partitions):
            writer.int8(Kind.removeOffsets.rawValue)
            writer.string(group)
            writer.string(topic)
            writer.int32s(partitions)
        case .removeGroup(let group):
            writer.int8(Kind.removeGroup.rawValue)
            writer.string(group)
        case .removeTopic(let topic):
            writer.int8(Kind.removeTopic.rawValue)
            writer.string(topic)
        }
    }

    private static func entries(_ reader: inout ProtocolReader) throws(ProtocolError) -> [Entry] {
        try reader.array { reader throws(ProtocolError) in
            Entry(
                topic: try reader.string(), partition: try reader.int32(),
                offset: CommittedOffset(
                    offset: try reader.int64(), leaderEpoch: try reader.int32(), metadata: try reader.string(),
                    timestamp: try reader.int64()))
        }
    }

    private static func write(_ entries: [Entry], to writer: inout ProtocolWriter) {
        writer.array(entries) { writer, entry in
            writer.string(entry.topic)
            writer.int32(entry.partition)
            writer.int64(entry.offset.offset)
            writer.int32(entry.offset.leaderEpoch)
            writer.string(entry.offset.metadata)
            writer.int64(entry.offset.timestamp)
        }
    }
}

/// Where committed offsets live.
typealias OffsetLog = StateLog<OffsetLogRecord>
