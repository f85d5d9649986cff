extension KStream {
    // MARK: Streams whose keys and values cannot be nil

    /// Joins each record with those of another stream of the same key that are near it in time.
    ///
    /// ```swift
    /// clicks.join(impressions, .within(.seconds(30), grace: .seconds(5))) { click, impression in … }
    /// ```
    ///
    /// - Parameters:
    ///   - other: the right stream, with as many partitions.
    ///   - windows: how far apart the records may be.
    ///   - joined: names, serdes and stores.
    ///   - joiner: makes the result's value of the left and the right one.
    @_disfavoredOverload
    public func join<Other, Result>(
        _ other: KStream<Key, Other>,
        _ windows: JoinWindows,
        joined: StreamJoined<Key, Value, Other> = StreamJoined(),
        _ joiner: @escaping @Sendable (Value, Other) throws -> Result
    ) -> KStream<Key, Result> {
        join(other, windows, joined: joined) { _, left, right in try joiner(left, right) }
    }

    /// Joins each record with those of another stream that are near it in time; the joiner also sees the key (KIP-149).
    @_disfavoredOverload
    public func join<Other, Result>(
        _ other: KStream<Key, Other>,
        _ windows: JoinWindows,
        joined: StreamJoined<Key, Value, Other> = StreamJoined(),
        _ joiner: @escaping @Sendable (Key, Value, Other) throws -> Result
    ) -> KStream<Key, Result> {
        StreamJoin(graph: graph, windows: windows, isLeftOuter: false, isRightOuter: false, joined: joined) {
            key, left, right in try matched(key, left, right, joiner)
        }.add(joinInput(), other.joinInput()).unwrappingKeys()
    }

    /// Joins like the inner join; a left record without a match is told with nil when its window has closed (S-71).
    @_disfavoredOverload
    public func leftJoin<Other, Result>(
        _ other: KStream<Key, Other>,
        _ windows: JoinWindows,
        joined: StreamJoined<Key, Value, Other> = StreamJoined(),
        _ joiner: @escaping @Sendable (Value, Other?) throws -> Result
    ) -> KStream<Key, Result> {
        StreamJoin(graph: graph, windows: windows, isLeftOuter: true, isRightOuter: false, joined: joined) {
            _, left, right in try unmatched(left) { try joiner($0, right) }
        }.add(joinInput(), other.joinInput()).unwrappingKeys()
    }

    /// Joins like the inner join; a record of either side without a match is told when its window has closed (S-71).
    @_disfavoredOverload
    public func outerJoin<Other, Result>(
        _ other: KStream<Key, Other>,
        _ windows: JoinWindows,
        joined: StreamJoined<Key, Value, Other> = StreamJoined(),
        _ joiner: @escaping @Sendable (Value?, Other?) throws -> Result
    ) -> KStream<Key, Result> {
        StreamJoin(graph: graph, windows: windows, isLeftOuter: true, isRightOuter: true, joined: joined) {
            _, left, right in try joiner(left, right)
        }.add(joinInput(), other.joinInput()).unwrappingKeys()
    }

    // MARK: Streams whose keys and values may be nil

    /// Joins each record with those of another stream that are near it in time; without key or value it is dropped (S-18).
    public func join<PlainKey, PlainValue, Other, Result>(
        _ other: KStream<PlainKey?, Other?>,
        _ windows: JoinWindows,
        joined: StreamJoined<PlainKey, PlainValue, Other> = StreamJoined(),
        _ joiner: @escaping @Sendable (PlainValue, Other) throws -> Result
    ) -> KStream<PlainKey, Result> where Key == PlainKey?, Value == PlainValue? {
        join(other, windows, joined: joined) { _, left, right in try joiner(left, right) }
    }

    /// Joins each record with those of another stream; the joiner also sees the key (KIP-149).
    public func join<PlainKey, PlainValue, Other, Result>(
        _ other: KStream<PlainKey?, Other?>,
        _ windows: JoinWindows,
        joined: StreamJoined<PlainKey, PlainValue, Other> = StreamJoined(),
        _ joiner: @escaping @Sendable (PlainKey, PlainValue, Other) throws -> Result
    ) -> KStream<PlainKey, Result> where Key == PlainKey?, Value == PlainValue? {
        StreamJoin(graph: graph, windows: windows, isLeftOuter: false, isRightOuter: false, joined: joined) {
            key, left, right in try matched(key, left, right, joiner)
        }.add(nullableJoinInput(), other.nullableJoinInput()).unwrappingKeys()
    }

    /// Joins like `join`; a left record without a match is told with nil when its window has closed, one without a key at once (S-19).
    public func leftJoin<PlainKey, PlainValue, Other, Result>(
        _ other: KStream<PlainKey?, Other?>,
        _ windows: JoinWindows,
        joined: StreamJoined<PlainKey, PlainValue, Other> = StreamJoined(),
        _ joiner: @escaping @Sendable (PlainValue, Other?) throws -> Result
    ) -> KStream<Key, Result> where Key == PlainKey?, Value == PlainValue? {
        StreamJoin(graph: graph, windows: windows, isLeftOuter: true, isRightOuter: false, joined: joined) {
            _, left, right in try unmatched(left) { try joiner($0, right) }
        }.add(nullableJoinInput(), other.nullableJoinInput())
    }

    /// Joins like `join`; a record of either side without a match is told when its window has closed, one without a key at once (S-19).
    public func outerJoin<PlainKey, PlainValue, Other, Result>(
        _ other: KStream<PlainKey?, Other?>,
        _ windows: JoinWindows,
        joined: StreamJoined<PlainKey, PlainValue, Other> = StreamJoined(),
        _ joiner: @escaping @Sendable (PlainValue?, Other?) throws -> Result
    ) -> KStream<Key, Result> where Key == PlainKey?, Value == PlainValue? {
        StreamJoin(graph: graph, windows: windows, isLeftOuter: true, isRightOuter: true, joined: joined) {
            _, left, right in try joiner(left, right)
        }.add(nullableJoinInput(), other.nullableJoinInput())
    }
}

/// Joins a pair of which both are there.
private func matched<Key, Left, Right, Result>(
    _ key: Key?,
    _ left: Left?,
    _ right: Right?,
    _ joiner: (Key, Left, Right) throws -> Result
) throws -> Result {
    guard let key, let left, let right else { throw StreamsError(.internal, "an inner join without a match") }
    return try joiner(key, left, right)
}

/// Joins a left record, which is always there.
private func unmatched<Left, Result>(_ left: Left?, _ joiner: (Left) throws -> Result) throws -> Result {
    guard let left else { throw StreamsError(.internal, "a left join without a left record") }
    return try joiner(left)
}
