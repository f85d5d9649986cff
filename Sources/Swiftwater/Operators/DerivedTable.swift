/// Makes a table of another one by a function of key and value, and keeps it in a store; nil from the function is no value.
///
/// - Parameter skipsNothing: whether a change from no value to no value is left out, where that is known (S-33).
@inlinable
func derivedTable<Key, Value, NewValue>(
    _ name: String,
    _ context: TaskContext,
    _ store: TimestampedKeyValueStore<Key, NewValue>,
    _ changes: StoredChanges<Key, NewValue>,
    skipsNothing: Bool,
    _ transform: @escaping (Key, Value?) throws -> NewValue?
) -> Receiver<Key, Change<Value>> {
    Receiver(name: name, context: context) { record in
        let new = try transform(record.key, record.value.new)
        var old: NewValue?
        if changes.sendsOldValues {
            old = try store.value(of: record.key)?.value
            if skipsNothing, new == nil, old == nil { return }
        } else {
            try store.setKey(record.key)
        }
        try changes.update(by: record, new: new, old: old, timestamp: record.timestamp)
    }
}

/// Makes a table of another one by a function of key and value, without keeping it (S-35).
@inlinable
func derivedTable<Key, Value, NewValue>(
    _ name: String,
    _ context: TaskContext,
    _ outlet: Outlet<Key, Change<NewValue>>,
    sendsOldValues: Bool,
    skipsNothing: Bool,
    _ transform: @escaping (Key, Value?) throws -> NewValue?
) -> Receiver<Key, Change<Value>> {
    Receiver(name: name, context: context) { record in
        let new = try transform(record.key, record.value.new)
        var old: NewValue?
        if sendsOldValues {
            old = try transform(record.key, record.value.old)
            if skipsNothing, new == nil, old == nil { return }
        }
        try outlet.forward(record.with(value: Change(new: new, old: old, isLatest: record.value.isLatest)))
    }
}
