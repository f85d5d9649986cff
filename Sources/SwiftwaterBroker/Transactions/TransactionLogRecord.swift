/// One fact about transactional ids, as it is appended to their log.
enum TransactionLogRecord: Equatable, Sendable, LoggedRecord {
    static let fileName = "transactions.log"

    /// All of an id, in place of what was known of it.
    case standing(Transaction)
    case forgotten(String)

    private enum Kind: Int8 {
        case standing = 1
        case forgotten
    }

    init(from reader: inout ProtocolReader) throws(ProtocolError) {
        let code = try reader.int8()
        switch Kind(rawValue: code) {
        case .standing: self = .standing(try Transaction(from: &reader))
        case .forgotten: self = .forgotten(try reader.string())
        case nil: throw .invalidValue("transaction log record of kind \(code)")
        }
    }

    func write(to writer: inout ProtocolWriter) {
        switch self {
        case .standing(let transaction):
            writer.int8(Kind.standing.rawValue)
            transaction.write(to: &writer)
        case .forgotten(let id):
            writer.int8(Kind.forgotten.rawValue)
            writer.string(id)
        }
    }

    func apply(to transactions: inout [String: Transaction]) {
        switch self {
        case .standing(let transaction): transactions[transaction.id] = transaction
        case .forgotten(let id): transactions[id] = nil
        }
    }
}

extension Transaction {
    fileprivate init(from reader: inout ProtocolReader) throws(ProtocolError) {
        id = try reader.string()
        producer = Producer(id: try reader.int64(), epoch: try reader.int16())
        predecessor = Producer(id: try reader.int64(), epoch: try reader.int16())
        timeout = try reader.int32()
        let code = try reader.int8()
        guard let state = TransactionState(rawValue: code) else { throw .invalidValue("transaction state \(code)") }
        self.state = state
        partitions = Set(
            try reader.array { reader throws(ProtocolError) in
                Partition(topic: try reader.string(), index: try reader.int32())
            })
        groups = Set(try reader.stringArray())
        startedAt = try reader.int64()
        updatedAt = try reader.int64()
    }

    fileprivate func write(to writer: inout ProtocolWriter) {
        writer.string(id)
        writer.int64(producer.id)
        writer.int16(producer.epoch)
        writer.int64(predecessor.id)
        writer.int16(predecessor.epoch)
        writer.int32(timeout)
        writer.int8(state.rawValue)
        writer.array(partitions.sorted()) { writer, partition in
            writer.string(partition.topic)
            writer.int32(partition.index)
        }
        writer.strings(groups.sorted())
        writer.int64(startedAt)
        writer.int64(updatedAt)
    }
}
