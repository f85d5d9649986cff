extension KStream {
    /// The stream, whose keys and values cannot be nil, as an input of a join with a table.
    @_disfavoredOverload
    func tableJoinInput() -> StreamJoinInput<Key, Value> { joinInput() }

    /// The stream, whose keys cannot be nil, as an input of a join with a table.
    func tableJoinInput<PlainValue>() -> StreamJoinInput<Key, PlainValue> where Value == PlainValue? {
        StreamJoinInput(
            upstream: upstream.promotingKey(),
            detour: Detour<Key?, PlainValue?> { (child: Receiver<Key, PlainValue?>) in child.takingOptionalKeys() },
            isRepartitionRequired: isRepartitionRequired,
            keySerde: keySerde,
            valueSerde: nil
        )
    }

    /// The stream, whose values cannot be nil, as an input of a join with a table.
    @_disfavoredOverload
    func tableJoinInput<PlainKey>() -> StreamJoinInput<PlainKey, Value> where Key == PlainKey? {
        StreamJoinInput(
            upstream: upstream.promotingValue(),
            detour: Detour<PlainKey?, Value?> { (child: Receiver<PlainKey?, Value>) in child.takingOptionalValues() },
            isRepartitionRequired: isRepartitionRequired,
            keySerde: nil,
            valueSerde: valueSerde
        )
    }

    /// The stream as an input of a join with a table.
    func tableJoinInput<PlainKey, PlainValue>() -> StreamJoinInput<PlainKey, PlainValue>
    where Key == PlainKey?, Value == PlainValue? {
        nullableJoinInput()
    }
}
