/// A stream as it comes into a stream-stream join: keys and values may be nil, whatever its type said.
struct StreamJoinInput<Key, Value> {
    let upstream: Upstream<Key?, Value?>
    /// Lets the operators above follow a repartition of the stream.
    let detour: Detour<Key?, Value?>
    let isRepartitionRequired: Bool
    let keySerde: Serde<Key>?
    let valueSerde: Serde<Value>?
}

extension KStream {
    /// The stream, whose keys and values cannot be nil, as an input of a join.
    func joinInput() -> StreamJoinInput<Key, Value> {
        StreamJoinInput(
            upstream: upstream.promotingValue().promotingKey(),
            detour: Detour<Key?, Value?> { (child: Receiver<Key, Value>) in
                child.takingOptionalKeys().takingOptionalValues()
            },
            isRepartitionRequired: isRepartitionRequired,
            keySerde: keySerde,
            valueSerde: valueSerde
        )
    }

    /// The stream as an input of a join.
    func nullableJoinInput<PlainKey, PlainValue>() -> StreamJoinInput<PlainKey, PlainValue>
    where Key == PlainKey?, Value == PlainValue? {
        StreamJoinInput(
            upstream: upstream,
            detour: Detour { (child: Receiver<PlainKey?, PlainValue?>) in child },
            isRepartitionRequired: isRepartitionRequired,
            keySerde: nil,
            valueSerde: nil
        )
    }

    /// The same stream for those that know that its keys are never nil.
    func unwrappingKeys<PlainKey>() -> KStream<PlainKey, Value> where Key == PlainKey? {
        KStream<PlainKey, Value>(
            graph: graph,
            upstream: upstream.unwrappingKey(),
            keySerde: nil,
            valueSerde: valueSerde,
            isRepartitionRequired: isRepartitionRequired
        )
    }
}
