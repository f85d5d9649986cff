public import Swiftwater

/// Reads typed records that a topology under test wrote, each once; made by a ``TopologyTestDriver``.
public final class TestOutputTopic<Key, Value> {
    /// The topic.
    public let name: String

    private let driver: TopologyTestDriver
    private let keySerde: Serde<Key>
    private let valueSerde: Serde<Value>

    init(driver: TopologyTestDriver, name: String, keySerde: Serde<Key>, valueSerde: Serde<Value>) {
        self.driver = driver
        self.name = name
        self.keySerde = keySerde
        self.valueSerde = valueSerde
    }

    /// Whether all records were read.
    public var isEmpty: Bool { count == 0 }

    /// How many records were not read yet.
    public var count: Int { driver.unreadCount(of: name) }

    /// Reads the next record; throws ``StreamsError/Code/invalidState`` if there is none.
    public func readRecord() throws -> Record<Key, Value> {
        guard let record = driver.nextUnread(of: name) else {
            throw StreamsError(
                .invalidState,
                "there is no further record; look at isEmpty first",
                at: .init(topic: name)
            )
        }
        return Record(
            key: try keySerde.deserialize(record.key, topic: name, component: .key),
            value: try valueSerde.deserialize(record.value, topic: name, component: .value),
            timestamp: record.timestamp,
            headers: record.headers
        )
    }

    /// Reads the next record for its key and value; throws if there is none.
    public func readKeyValue() throws -> (key: Key, value: Value) {
        let record = try readRecord()
        return (record.key, record.value)
    }

    /// Reads the next record for its value; throws if there is none.
    public func readValue() throws -> Value {
        try readRecord().value
    }

    /// Reads all that is left.
    public func readRecords() throws -> [Record<Key, Value>] {
        var records: [Record<Key, Value>] = []
        while !isEmpty { records.append(try readRecord()) }
        return records
    }

    /// Reads all that is left for keys and values.
    public func readKeyValues() throws -> [(key: Key, value: Value)] {
        try readRecords().map { ($0.key, $0.value) }
    }

    /// Reads all that is left for the values.
    public func readValues() throws -> [Value] {
        try readRecords().map(\.value)
    }

    /// Reads all that is left; of each key the last value stays.
    public func readKeyValuesToMap() throws -> [Key: Value] where Key: Hashable {
        try readRecords().reduce(into: [:]) { map, record in map.updateValue(record.value, forKey: record.key) }
    }
}
