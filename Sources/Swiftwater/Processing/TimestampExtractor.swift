/// Gives a record its event time (S-06). Called when the record becomes the next of its partition, not when it is fetched.
///
/// The counterpart of `TimestampExtractor`. ``EventTime`` makes one of a function of key and value.
public protocol TimestampExtractor: Sendable {
    /// The event time of a record; a negative result leaves the record out, and counts it.
    ///
    /// - Parameters:
    ///   - record: key and value as read; the timestamp is Kafka's.
    ///   - metadata: where the record is.
    ///   - partitionTime: the highest time seen in the partition so far, ``Timestamp/unknown`` at first.
    func timestamp<Key, Value>(
        of record: borrowing Record<Key, Value>,
        metadata: @autoclosure () -> RecordMetadata,
        partitionTime: Timestamp
    ) throws -> Timestamp
}

/// Takes Kafka's timestamp and refuses a negative one; the default.
public struct FailOnInvalidTimestamp: TimestampExtractor {
    /// Creates the extractor.
    public init() {}

    /// Kafka's timestamp; throws ``StreamsError/Code/invalidTimestamp`` if it is negative.
    public func timestamp<Key, Value>(
        of record: borrowing Record<Key, Value>,
        metadata: @autoclosure () -> RecordMetadata,
        partitionTime: Timestamp
    ) throws -> Timestamp {
        if record.timestamp.rawValue < 0 { throw invalidTimestamp(record.timestamp, metadata()) }
        return record.timestamp
    }
}

/// Takes Kafka's timestamp; a record with a negative one is left out and counted.
public struct LogAndSkipOnInvalidTimestamp: TimestampExtractor {
    /// Creates the extractor.
    public init() {}

    /// Kafka's timestamp as it is.
    public func timestamp<Key, Value>(
        of record: borrowing Record<Key, Value>,
        metadata: @autoclosure () -> RecordMetadata,
        partitionTime: Timestamp
    ) throws -> Timestamp {
        record.timestamp
    }
}

/// Takes Kafka's timestamp, and the partition's time where it is negative.
public struct UsePartitionTimeOnInvalidTimestamp: TimestampExtractor {
    /// Creates the extractor.
    public init() {}

    /// Kafka's timestamp or the partition time; throws if neither is known.
    public func timestamp<Key, Value>(
        of record: borrowing Record<Key, Value>,
        metadata: @autoclosure () -> RecordMetadata,
        partitionTime: Timestamp
    ) throws -> Timestamp {
        if record.timestamp.rawValue >= 0 { return record.timestamp }
        if partitionTime.rawValue < 0 { throw invalidTimestamp(record.timestamp, metadata()) }
        return partitionTime
    }
}

/// Takes the time at which the record is processed.
///
/// The library's core reads no clock, so it is given one:
///
/// ```swift
/// WallclockTimestampExtractor { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
/// ```
public struct WallclockTimestampExtractor: TimestampExtractor {
    private let now: @Sendable () -> Timestamp

    /// Creates the extractor with a clock.
    public init(now: @escaping @Sendable () -> Timestamp) {
        self.now = now
    }

    /// The time now.
    public func timestamp<Key, Value>(
        of record: borrowing Record<Key, Value>,
        metadata: @autoclosure () -> RecordMetadata,
        partitionTime: Timestamp
    ) throws -> Timestamp {
        now()
    }
}

/// Reads the event time from key and value by a function of yours, for one source.
///
/// Use it with `timestampExtractor:` of a source with the same key and value types.
public struct EventTime<SourceKey, SourceValue>: TimestampExtractor {
    private let extract: @Sendable (SourceKey, SourceValue, Timestamp) throws -> Timestamp

    /// Creates the extractor; the function also gets Kafka's timestamp.
    public init(_ extract: @escaping @Sendable (SourceKey, SourceValue, _ kafka: Timestamp) throws -> Timestamp) {
        self.extract = extract
    }

    /// What the function gives; throws if the source has other types.
    public func timestamp<Key, Value>(
        of record: borrowing Record<Key, Value>,
        metadata: @autoclosure () -> RecordMetadata,
        partitionTime: Timestamp
    ) throws -> Timestamp {
        guard let key = record.key as? SourceKey, let value = record.value as? SourceValue else {
            throw StreamsError(
                .invalidTopology,
                "the timestamp extractor is for \(SourceKey.self), \(SourceValue.self), the source reads \(Key.self), \(Value.self)"
            )
        }
        return try extract(key, value, record.timestamp)
    }
}

private func invalidTimestamp(_ timestamp: Timestamp, _ metadata: RecordMetadata) -> StreamsError {
    StreamsError(
        .invalidTimestamp,
        "the record's timestamp is \(timestamp); let the producer set one, or choose another timestamp extractor",
        at: .init(topic: metadata.topic, partition: metadata.partition, offset: metadata.offset)
    )
}
