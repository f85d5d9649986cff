/// Keeps one aggregate a key: count, reduce and aggregate of a grouped stream are this with different functions.
@inlinable
func aggregation<Key, Value, Result>(
    _ name: String,
    _ context: TaskContext,
    _ store: TimestampedKeyValueStore<Key, Result>,
    _ changes: StoredChanges<Key, Result>,
    _ update: @escaping @Sendable (Key, Value, Result?) throws -> Result?
) -> Receiver<Key, Value> {
    Receiver(name: name, context: context) { record in
        let old = try store.value(of: record.key)
        let new = try update(record.key, record.value, old?.value)
        // S-41: the time of an aggregate is that of its latest record, also when an older one came now.
        let timestamp = max(record.timestamp, old?.timestamp ?? record.timestamp)
        try changes.update(by: record, new: new, old: old?.value, timestamp: timestamp)
    }
}
