/// Gives the value of a key in a table, with its time, as the records processed so far have left it.
@usableFromInline
struct TableLookup<Key, Value> {
    /// The latest value.
    @usableFromInline let value: (Key) throws -> (value: Value, timestamp: Timestamp)?
    /// The value that the table's changes have told: where a cache holds changes back, the one before them.
    @usableFromInline let told: (Key) throws -> (value: Value, timestamp: Timestamp)?
    /// The value as it was at a time; the latest where the table is not versioned.
    @usableFromInline let valueAsOf: (Key, Timestamp) throws -> (value: Value, timestamp: Timestamp)?

    @inlinable
    init(
        value: @escaping (Key) throws -> (value: Value, timestamp: Timestamp)?,
        told: @escaping (Key) throws -> (value: Value, timestamp: Timestamp)?,
        valueAsOf: @escaping (Key, Timestamp) throws -> (value: Value, timestamp: Timestamp)?
    ) {
        self.value = value
        self.told = told
        self.valueAsOf = valueAsOf
    }

    /// Of a table that knows its latest values only.
    @inlinable
    init(
        value: @escaping (Key) throws -> (value: Value, timestamp: Timestamp)?,
        told: @escaping (Key) throws -> (value: Value, timestamp: Timestamp)?
    ) {
        self.init(value: value, told: told) { key, _ in try value(key) }
    }
}
