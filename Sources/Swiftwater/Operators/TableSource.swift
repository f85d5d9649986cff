internal import Logging

/// Makes a table of a stream of updates and keeps it in a store: a null value is a deletion (S-24).
@inlinable
func tableSource<Key, Value>(
    _ name: String,
    _ context: TaskContext,
    _ store: TimestampedKeyValueStore<Key, Value>,
    _ changes: StoredChanges<Key, Value>
) -> Receiver<Key, Value?> {
    Receiver(name: name, context: context) { record in
        let old = try store.value(of: record.key)
        if let old, record.timestamp < old.timestamp, !store.isVersioned {
            // S-31: the last by offset wins, whatever its time.
            logOutOfOrderUpdate(name, context, record.timestamp, stored: old.timestamp)
        }
        try changes.update(by: record, new: record.value, old: old?.value, timestamp: record.timestamp)
    }
}

@usableFromInline
func logOutOfOrderUpdate(_ node: String, _ context: TaskContext, _ timestamp: Timestamp, stored: Timestamp) {
    context.logger.warning(
        "out-of-order update of a table is applied",
        metadata: ["node": "\(node)", "time": "\(timestamp)", "stored": "\(stored)"]
    )
}
