/// Sends the changes of one store to its changelog at a commit, the last value of each key once, as Kafka Streams writes them.
final class ChangelogWriter {
    private let store: KeyValueBytesStore
    private let topic: OutputTopic
    private let context: TaskContext

    init(store: KeyValueBytesStore, topic: OutputTopic, context: TaskContext) {
        self.store = store
        self.topic = topic
        self.context = context
    }

    func writeChanges() throws {
        switch store.definition.kind {
        case .keyValue, .timestampedKeyValue: try writeEntries(skipping: 0)
        case .window, .timestampedWindow, .session: try writeEntries(skipping: 8)
        case .versioned: try writeVersions()
        case .suppression: try writeSuppressed()
        }
    }

    /// Entries as they are, without the first bytes of their keys and the times of their values.
    private func writeEntries(skipping prefix: Int) throws {
        for entry in store.buffer.touchOrder() {
            let key = store.buffer.key(at: Int(entry))
            // What a windowed store remembers beside its entries is shorter than any prefix.
            guard key.count >= prefix else { continue }
            let value = store.buffer.value(at: Int(entry)).map { TimestampedValue.plain($0) }
            try send(.init(rebasing: key.dropFirst(prefix)), value, store.timestamp(of: Int(entry)))
        }
    }

    /// Every version that was put, in the order of the puts.
    private func writeVersions() throws {
        guard let puts = store.puts else { return }
        for entry in puts.touchOrder() {
            let key = puts.key(at: Int(entry))
            guard key.count >= 8, let put = puts.value(at: Int(entry)) else { continue }
            let time = key.loadUnaligned(fromByteOffset: key.count - 8, as: Int64.self)
            let value = UnsafeRawBufferPointer(rebasing: put.dropFirst())
            try send(
                .init(rebasing: key.dropLast(8)),
                put.first == 1 ? value : nil,
                Timestamp(rawValue: Int64(bigEndian: time))
            )
        }
    }

    /// What is held back, by key: a tombstone for what was let go (F-10).
    private func writeSuppressed() throws {
        var headers = Headers()
        headers.append("v", [3])
        for entry in store.buffer.touchOrder() {
            let key = store.buffer.key(at: Int(entry))
            guard key.first == SuppressionLayout.keyTag else { continue }
            let plain = UnsafeRawBufferPointer(rebasing: key.dropFirst())
            guard let time = store.buffer.value(at: Int(entry)) else {
                try send(plain, nil, context.streamTime)
                continue
            }
            let queued = ByteWriter()
            SuppressionLayout.appendQueueKey(time: time, key: plain, to: queued)
            let record = ByteWriter()
            try queued.withUnsafeBytes { if let held = try store.value(of: $0) { record.append(contentsOf: held) } }
            record.append(contentsOf: time)
            try record.withUnsafeBytes { try send(plain, $0, context.streamTime, headers) }
        }
    }

    private func send(
        _ key: UnsafeRawBufferPointer,
        _ value: UnsafeRawBufferPointer?,
        _ timestamp: Timestamp,
        _ headers: Headers = Headers()
    ) throws {
        try context.output.send(
            to: topic,
            partition: context.taskID.partition,
            key: key,
            value: value,
            timestamp: timestamp,
            headers: headers
        )
    }
}
