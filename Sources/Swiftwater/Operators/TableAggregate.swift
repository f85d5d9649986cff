/// Keeps one aggregate of the rows of a table that belong to a key: the old row is taken out first, then the new one put in (S-39).
@inlinable
func tableAggregation<Key, Value, Result>(
    _ name: String,
    _ context: TaskContext,
    _ store: TimestampedKeyValueStore<Key, Result>,
    _ changes: StoredChanges<Key, Result>,
    add: @escaping @Sendable (Key, Value, Result?) throws -> Result?,
    subtract: @escaping @Sendable (Key, Value, Result) throws -> Result?
) -> Receiver<Key, Change<Value>> {
    Receiver(name: name, context: context) { record in
        let old = try store.value(of: record.key)
        var new = old?.value
        if let row = record.value.old, let aggregate = new { new = try subtract(record.key, row, aggregate) }
        if let row = record.value.new { new = try add(record.key, row, new) }
        let timestamp = max(record.timestamp, old?.timestamp ?? record.timestamp)
        try changes.update(by: record, new: new, old: old?.value, timestamp: timestamp)
    }
}
