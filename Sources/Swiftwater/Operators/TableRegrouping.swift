/// Takes a table's changes to the keys that they are grouped by: the old pair first, or both in one where the key stays (S-40).
@inlinable
func tableRegrouping<Key, Value, NewKey: Equatable & SendableMetatype, NewValue>(
    _ name: String,
    _ context: TaskContext,
    _ outlet: Outlet<NewKey, Change<NewValue>>,
    isVersioned: Bool,
    _ selector: @escaping @Sendable (Key, Value) throws -> (NewKey, NewValue)?
) -> Receiver<Key, Change<Value>> {
    Receiver(name: name, context: context) { record in
        // S-42: what a versioned table had in the past is in no aggregate.
        if isVersioned, !record.value.isLatest { return context.drop(.outOfOrder, node: name) }
        let new = try record.value.new.flatMap { try selector(record.key, $0) }
        let old = try record.value.old.flatMap { try selector(record.key, $0) }
        func forward(_ key: NewKey, _ change: Change<NewValue>) throws {
            try outlet.forward(
                Record(key: key, value: change, timestamp: record.timestamp, headers: record.headers))
        }
        if let new, let old, new.0 == old.0 {
            return try forward(new.0, Change(new: new.1, old: old.1))
        }
        if let old { try forward(old.0, Change(new: nil, old: old.1)) }
        if let new { try forward(new.0, Change(new: new.1, old: nil)) }
    }
}
