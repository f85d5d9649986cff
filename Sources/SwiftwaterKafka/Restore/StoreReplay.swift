internal import RDKafka
internal import Swiftwater

/// How records become a store's entries again.
enum StoreReplay {
    /// From a changelog, byte by byte.
    case changelog(ChangelogReplay)
    /// From the topic that the store is filled from, by way of its nodes. The batch waits for the next write.
    case source(SourceReplay, RecordBatch)

    /// Takes a record; one without a key is none of a store's changelog.
    mutating func take(_ message: borrowing Message) throws {
        switch self {
        case .changelog(let replay):
            guard let key = message.keyBytes else { return }
            try replay.take(
                key: key, value: message.valueBytes, timestamp: Timestamp(rawValue: message.timestamp))
        case .source(_, let batch): batch.append(message)
        }
    }

    /// The changes of the records taken so far.
    mutating func changes() throws -> StoreChanges {
        switch self {
        case .changelog(let replay): return replay.changes
        case .source(let replay, let batch):
            self = .source(replay, RecordBatch())
            try replay.process(batch)
            return replay.changes
        }
    }

    /// The changes are written.
    func clear() {
        switch self {
        case .changelog(let replay): replay.clear()
        case .source(let replay, _): replay.clear()
        }
    }

    func close() {
        if case .source(let replay, _) = self { replay.close() }
    }
}
