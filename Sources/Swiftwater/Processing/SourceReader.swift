/// How a partition queue reads its records without knowing their types: the source node of a running task.
///
/// The functions share the typed head, the next record to be processed.
@usableFromInline
struct SourceReader {
    /// Deserialises a record and keeps it as the head; nil if it is to be left out.
    @usableFromInline let read: (RecordBatch, Int, _ partitionTime: Timestamp) throws -> Timestamp?
    /// Hands the head on and forgets it.
    @usableFromInline let forward: () throws -> Void
    @usableFromInline let drop: () -> Void

    @inlinable
    init<Key, Value>(
        _ site: SourceSite,
        key keySerde: Serde<Key>,
        value valueSerde: Serde<Value>,
        outlet: Outlet<Key, Value>
    ) {
        let head = SourceHead<Key, Value>()
        let keyContext = SerdeContext(topic: site.source.topic, component: .key)
        let valueContext = SerdeContext(topic: site.source.topic, component: .value)
        read = { batch, index, partitionTime in
            var record: Record<Key, Value>
            do {
                let headers = batch.headers(at: index)
                if !headers.isEmpty || !keyContext.headers.isEmpty {
                    keyContext.headers = headers
                    valueContext.headers = headers
                }
                let bytes = batch.record(at: index)
                record = Record(
                    key: try keySerde.read(bytes.key, keyContext),
                    value: try valueSerde.read(bytes.value, valueContext),
                    timestamp: batch.timestamp(at: index),
                    headers: headers
                )
            } catch {
                try site.handle(error, batch, index)
                return nil
            }
            // Kafka's own time, which the default extractor takes, needs no asking.
            if !site.takesKafkaTime || record.timestamp.rawValue < 0 {
                record.timestamp = try site.timestamp(of: record, batch, index, partitionTime)
                if record.timestamp.rawValue < 0 {
                    site.drop(.invalidTimestamp, batch, index)
                    return nil
                }
            }
            head.record.pointee = record
            return record.timestamp
        }
        forward = {
            guard let record = head.take() else { return }
            try outlet.forward(record)
        }
        drop = { _ = head.take() }
    }
}

/// The next record of a source; behind a pointer, so that no access has to be checked for exclusivity.
@usableFromInline
final class SourceHead<Key, Value> {
    @usableFromInline let record: UnsafeMutablePointer<Record<Key, Value>?>

    @usableFromInline
    init() {
        record = .allocate(capacity: 1)
        record.initialize(to: nil)
    }

    deinit {
        record.deinitialize(count: 1)
        record.deallocate()
    }

    @inlinable
    func take() -> Record<Key, Value>? {
        let taken = record.move()
        record.initialize(to: nil)
        return taken
    }
}
