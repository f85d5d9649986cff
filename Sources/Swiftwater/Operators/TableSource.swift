import Logging

/// Makes a table of a stream of updates: a null value is a deletion (S-24).
final class TableSource<Key, Value>: Processor<Key, Value?> {
    /// Where updates go: into a store that tells its changes, or straight on.
    enum Updates {
        case stored(TimestampedKeyValueStore<Key, Value>, StoredChanges<Key, Value>)
        case passing(Outlet<Key, Change<Value>>)
    }

    private let updates: Updates

    init(name: String, context: TaskContext, updates: Updates) {
        self.updates = updates
        super.init(name: name, context: context)
    }

    override func process(_ record: Record<Key, Value?>) throws {
        switch updates {
        case .passing(let outlet):
            try outlet.forward(record.with(value: Change(new: record.value, old: nil)))
        case .stored(let store, let changes):
            try update(store, changes, record)
        }
    }

    private func update(
        _ store: TimestampedKeyValueStore<Key, Value>,
        _ changes: StoredChanges<Key, Value>,
        _ record: Record<Key, Value?>
    ) throws {
        let old = try store.value(of: record.key)
        if let old, record.timestamp < old.timestamp {
            // S-31: the last by offset wins, whatever its time.
            context.logger.warning(
                "out-of-order update of a table is applied",
                metadata: ["node": "\(name)", "time": "\(record.timestamp)", "stored": "\(old.timestamp)"]
            )
        }
        try store.setCurrent(record.value, timestamp: record.timestamp, headers: record.headers)
        try changes.changed(
            key: record.key,
            new: record.value,
            old: old?.value,
            timestamp: record.timestamp,
            headers: record.headers
        )
    }
}
