/// The bytes of one store of a task, in the order of their keys: what a store of one's own is built on (P-13).
///
/// Whatever is made of them is kept, committed with the records that it is made of, written to a changelog and restored as any other
/// store is. It belongs to the thread of its task.
public final class StoreBytes {
    private let bytes: KeyValueBytesStore
    private let context: TaskContext
    private let value = ByteWriter()

    init(_ bytes: KeyValueBytesStore, context: TaskContext) {
        self.bytes = bytes
        self.context = context
    }

    /// The store's name.
    public var name: String { bytes.definition.name }

    /// The value of a key.
    public func value(of key: [UInt8]) throws -> [UInt8]? {
        try bytes.meter.measure(.get) {
            try key.withUnsafeBytes { key in
                try bytes.value(of: key).map { Array(TimestampedValue.plain($0)) }
            }
        }
    }

    /// Sets the value of a key; nil removes it. An entry of the changelog has the time of the current record.
    public func set(_ new: [UInt8]?, of key: [UInt8]) {
        bytes.meter.measure(new == nil ? .delete : .put) { write(new, key) }
    }

    private func write(_ new: [UInt8]?, _ key: [UInt8]) {
        let time = context.timestamp
        key.withUnsafeBytes { key in
            guard let new else { return bytes.set(key, nil, timestamp: time) }
            value.clear()
            value.append(bigEndian: time.rawValue)
            new.withUnsafeBytes { value.append(contentsOf: $0) }
            value.withUnsafeBytes { bytes.set(key, $0, timestamp: time) }
        }
    }

    /// Calls a function for the entries from one key to another, both included and nil an open end, until it returns false.
    ///
    /// The function must not change the store: what it wants to change it collects first.
    public func scan(
        from: [UInt8]? = nil,
        to: [UInt8]? = nil,
        reverse: Bool = false,
        _ body: (_ key: [UInt8], _ value: [UInt8]) throws -> Bool
    ) throws {
        try bytes.meter.measure(from == nil && to == nil ? .all : .range) {
            try bytes.scan(from: from, to: to, reverse: reverse) { key, stored in
                try body(Array(key), Array(TimestampedValue.plain(stored)))
            }
        }
    }
}
