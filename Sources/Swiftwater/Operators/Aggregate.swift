/// Keeps one aggregate a key: count, reduce and aggregate of a grouped stream are this with different functions.
final class Aggregate<Key, Value, Result>: Processor<Key, Value> {
    typealias Update = @Sendable (Key, Value, Result?) throws -> Result?

    private let store: TimestampedKeyValueStore<Key, Result>
    private let changes: StoredChanges<Key, Result>
    private let update: Update

    init(
        name: String,
        context: TaskContext,
        store: TimestampedKeyValueStore<Key, Result>,
        changes: StoredChanges<Key, Result>,
        update: @escaping Update
    ) {
        self.store = store
        self.changes = changes
        self.update = update
        super.init(name: name, context: context)
    }

    override func process(_ record: Record<Key, Value>) throws {
        let old = try store.value(of: record.key)
        let new = try update(record.key, record.value, old?.value)
        // S-41: the time of an aggregate is that of its latest record, also when an older one came now.
        let timestamp = max(record.timestamp, old?.timestamp ?? record.timestamp)
        try store.setCurrent(new, timestamp: timestamp, headers: record.headers)
        try changes.changed(
            key: record.key,
            new: new,
            old: old?.value,
            timestamp: timestamp,
            headers: record.headers
        )
    }
}
