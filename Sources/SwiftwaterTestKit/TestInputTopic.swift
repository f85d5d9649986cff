public import Swiftwater

/// Pipes typed records into a topology under test; made by a ``TopologyTestDriver``.
public final class TestInputTopic<Key, Value> {
    /// The topic.
    public let name: String
    /// The time that the next record without one gets.
    public private(set) var timestamp: Timestamp

    private let driver: TopologyTestDriver
    private let keySerde: Serde<Key>
    private let valueSerde: Serde<Value>
    private let autoAdvance: Duration

    init(
        driver: TopologyTestDriver,
        name: String,
        keySerde: Serde<Key>,
        valueSerde: Serde<Value>,
        timestamp: Timestamp,
        autoAdvance: Duration
    ) {
        self.driver = driver
        self.name = name
        self.keySerde = keySerde
        self.valueSerde = valueSerde
        self.timestamp = timestamp
        self.autoAdvance = autoAdvance
    }

    /// Pipes a record; without a timestamp it gets the topic's, which then advances.
    public func pipe(
        _ key: Key,
        _ value: Value,
        timestamp: Timestamp? = nil,
        headers: Headers = Headers()
    ) throws {
        try pipe(Record(key: key, value: value, timestamp: timestamp ?? nextTimestamp(), headers: headers))
    }

    /// Pipes a record without a key.
    public func pipe<Wrapped>(
        value: Value,
        timestamp: Timestamp? = nil,
        headers: Headers = Headers()
    ) throws where Key == Wrapped? {
        try pipe(nil, value, timestamp: timestamp, headers: headers)
    }

    /// Pipes a record with its own timestamp and headers.
    public func pipe(_ record: Record<Key, Value>) throws {
        try pipeBytes(
            key: try keySerde.serialize(record.key, topic: name, component: .key),
            value: try valueSerde.serialize(record.value, topic: name, component: .value),
            timestamp: record.timestamp,
            headers: record.headers
        )
    }

    /// Pipes records with their own timestamps and headers.
    public func pipe(_ records: [Record<Key, Value>]) throws {
        for record in records { try pipe(record) }
    }

    /// Pipes records; without `start` they get the topic's timestamps.
    ///
    /// - Parameters:
    ///   - keyValues: keys and values in order.
    ///   - start: the time of the first record.
    ///   - advance: how much later each further record is, where `start` is given.
    public func pipe(_ keyValues: [(Key, Value)], start: Timestamp? = nil, advance: Duration = .zero) throws {
        guard var next = start else {
            for (key, value) in keyValues { try pipe(key, value) }
            return
        }
        for (key, value) in keyValues {
            try pipe(key, value, timestamp: next)
            next = next.advanced(by: advance)
        }
    }

    /// Pipes records without keys; without `start` they get the topic's timestamps.
    public func pipe<Wrapped>(
        values: [Value],
        start: Timestamp? = nil,
        advance: Duration = .zero
    ) throws where Key == Wrapped? {
        try pipe(values.map { (nil, $0) }, start: start, advance: advance)
    }

    /// Pipes bytes past the serdes, to see what the topology does with those it cannot read.
    public func pipeBytes(
        key: [UInt8]?,
        value: [UInt8]?,
        timestamp: Timestamp? = nil,
        headers: Headers = Headers()
    ) throws {
        try driver.pipe(
            CapturedRecord(
                topic: name,
                key: key,
                value: value,
                timestamp: timestamp ?? nextTimestamp(),
                headers: headers
            )
        )
    }

    /// Makes the next records that name no time later.
    public func advanceTime(by duration: Duration) {
        timestamp = timestamp.advanced(by: duration)
    }

    private func nextTimestamp() -> Timestamp {
        defer { timestamp = timestamp.advanced(by: autoAdvance) }
        return timestamp
    }
}
