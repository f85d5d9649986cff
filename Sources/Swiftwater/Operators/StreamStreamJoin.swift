/// One side of a stream-stream join: looks for matches in the other side's store, into which the node before it has already put
/// the record on its own side (S-69).
///
/// In left and outer joins a record without a match waits until its window has closed; either side, with a record that moves
/// stream time on, tells what has waited long enough, in the order of time (S-71, S-72).
final class StreamStreamJoin<Key, This, Other, Result>: Processor<Key?, This?> {
    /// Which side this is, and what it does without a match.
    struct Side {
        var isLeft: Bool
        /// Whether a record of this side is told without a match.
        var isOuter: Bool
        /// How much earlier and later the other record may be.
        var before: Int64
        var after: Int64
        var grace: Int64
        /// How much later than a waiting record of each side its match may be.
        var leftLookAhead: Int64
        var rightLookAhead: Int64
    }

    private let side: Side
    private let other: WindowStore<Key, Other>
    private let waiting: UnmatchedRecords?
    private let times: JoinTimes
    private let keySerde: Serde<Key>
    private let thisSerde: Serde<This>
    private let otherSerde: Serde<Other>
    private let outlet: Outlet<Key?, Result>
    private let joiner: @Sendable (Key?, This?, Other?) throws -> Result
    private let interval: Int64
    private let keyWriter = ByteWriter()
    private let valueWriter = ByteWriter()
    private let keyContext: SerdeContext
    private let valueContext: SerdeContext
    private var matches: [(start: Int64, value: Other)] = []

    init(
        name: String,
        context: TaskContext,
        side: Side,
        other: WindowStore<Key, Other>,
        waiting: UnmatchedRecords?,
        times: JoinTimes,
        serdes: (key: Serde<Key>, this: Serde<This>, other: Serde<Other>),
        outlet: Outlet<Key?, Result>,
        joiner: @escaping @Sendable (Key?, This?, Other?) throws -> Result
    ) {
        self.side = side
        self.other = other
        self.waiting = waiting
        self.times = times
        self.keySerde = serdes.key
        self.thisSerde = serdes.this
        self.otherSerde = serdes.other
        self.outlet = outlet
        self.joiner = joiner
        self.interval = context.settings.emitInterval.milliseconds
        let store = waiting?.bytes.definition ?? other.bytes.definition
        let topic = store.changelogTopic(applicationID: context.settings.applicationID)
        self.keyContext = SerdeContext(topic: topic, component: .key)
        self.valueContext = SerdeContext(topic: topic, component: .value)
        super.init(name: name, context: context)
    }

    override func process(_ record: Record<Key?, This?>) throws {
        let time = record.timestamp.rawValue
        times.streamTime = max(times.streamTime, time)
        guard let value = record.value else {
            return context.drop(record.key == nil ? .nullKey : .nullValue, node: name)
        }
        guard let key = record.key else {
            // S-19: without a key there can be no match.
            if side.isOuter { return try forward(record, nil, try joiner(nil, value, nil), record.timestamp) }
            return context.drop(.nullKey, node: name)
        }
        if time == times.streamTime, let waiting { try emitUnmatched(waiting, record) }
        let latest = max(0, time.addingCapped(side.after))
        try find(key, from: max(0, time.addingCapped(-side.before)), to: latest)
        if matches.isEmpty {
            if side.isOuter { try handleUnmatched(key, value, latest, record) }
            return
        }
        let found = matches
        for match in found {
            let matchTime = Timestamp(rawValue: match.start)
            if let waiting {
                try writeKey(key)
                try keyWriter.withUnsafeBytes {
                    try waiting.remove(isLeft: !side.isLeft, key: $0, time: match.start, at: record.timestamp)
                }
            }
            // S-70: a result is as late as the later of the two.
            try forward(record, key, try joiner(key, value, match.value), max(record.timestamp, matchTime))
        }
    }

    /// Collects the matches before anything is told: what follows downstream may write to the stores.
    private func find(_ key: Key, from: Int64, to: Int64) throws {
        matches.removeAll(keepingCapacity: true)
        try other.setKey(key)
        try other.scanCurrent(from: from, to: to) { start, stored in
            matches.append((start, try other.value(from: TimestampedValue.plain(stored))))
            return true
        }
    }

    private func handleUnmatched(_ key: Key, _ value: This, _ latest: Int64, _ record: Record<Key?, This?>) throws {
        // S-73: a record whose window has closed waits for nothing.
        guard let waiting, latest >= times.streamTime else {
            return try forward(record, key, try joiner(key, value, nil), record.timestamp)
        }
        try writeKey(key)
        valueWriter.clear()
        _ = try thisSerde.write(value, to: valueWriter, valueContext)
        try keyWriter.withUnsafeBytes { key in
            try valueWriter.withUnsafeBytes {
                try waiting.add($0, isLeft: side.isLeft, key: key, time: record.timestamp.rawValue)
            }
        }
        if let earliest = times.earliestWaiting { times.earliestWaiting = min(earliest, record.timestamp.rawValue) }
    }

    /// Tells the records of both sides whose windows have closed without a match.
    private func emitUnmatched(_ waiting: UnmatchedRecords, _ record: Record<Key?, This?>) throws {
        if let earliest = times.earliestWaiting, isOpen(earliest, lookAhead: side.after) { return }
        let now = context.clock.now()
        if now < times.nextLook { return }
        times.nextLook = Timestamp(rawValue: now.rawValue + interval)
        var closed: [UnmatchedRecords.Waiting] = []
        var earliest = Int64.max
        var isLeftOpen = false
        var isRightOpen = false
        try waiting.forEach { entry in
            if isOpen(entry.time, lookAhead: entry.isLeft ? side.leftLookAhead : side.rightLookAhead) {
                earliest = min(earliest, entry.time)
                if entry.isLeft { isLeftOpen = true } else { isRightOpen = true }
                return !(isLeftOpen && isRightOpen)
            }
            closed.append(entry)
            return true
        }
        times.earliestWaiting = earliest
        for entry in closed {
            let key = try entry.key.withUnsafeBytes { try keySerde.read($0, keyContext) }
            for bytes in entry.values {
                let result = try bytes.withUnsafeBytes { bytes in
                    entry.isLeft == side.isLeft
                        ? try joiner(key, try thisSerde.read(bytes, valueContext), nil)
                        : try joiner(key, nil, try otherSerde.read(bytes, valueContext))
                }
                // S-105: with the headers of the record that moved time on.
                try forward(record, key, result, Timestamp(rawValue: entry.time))
            }
            try entry.key.withUnsafeBytes {
                try waiting.remove(isLeft: entry.isLeft, key: $0, time: entry.time, at: record.timestamp)
            }
        }
    }

    private func isOpen(_ time: Int64, lookAhead: Int64) -> Bool {
        if time == .max { return true }
        return time.addingCapped(lookAhead).addingCapped(side.grace) >= times.streamTime
    }

    private func writeKey(_ key: Key) throws {
        keyWriter.clear()
        _ = try keySerde.write(key, to: keyWriter, keyContext)
    }

    private func forward(
        _ record: Record<Key?, This?>,
        _ key: Key?,
        _ result: Result,
        _ timestamp: Timestamp
    ) throws {
        try outlet.forward(Record(key: key, value: result, timestamp: timestamp, headers: record.headers))
    }
}
