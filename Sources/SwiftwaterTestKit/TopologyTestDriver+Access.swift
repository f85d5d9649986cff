public import Swiftwater

extension TopologyTestDriver {
    /// A topic to pipe records into; throws ``StreamsError/Code/missingTopic`` if the topology does not read it.
    ///
    /// - Parameters:
    ///   - name: the topic.
    ///   - key: how keys are written.
    ///   - value: how values are written.
    ///   - startTimestamp: the time of the first record that names none; nil is the driver's wall clock.
    ///   - autoAdvance: how much later each further record is.
    public func inputTopic<Key, Value>(
        _ name: String,
        key: Serde<Key>,
        value: Serde<Value>,
        startTimestamp: Timestamp? = nil,
        autoAdvance: Duration = .zero
    ) throws -> TestInputTopic<Key, Value> {
        try checkInput(name)
        return TestInputTopic(
            driver: self,
            name: name,
            keySerde: key,
            valueSerde: value,
            timestamp: startTimestamp ?? wallClock,
            autoAdvance: autoAdvance
        )
    }

    /// A topic to read records from; throws ``StreamsError/Code/missingTopic`` if the topology does not write it.
    ///
    /// Repartition topics and changelogs can be read as well, under their full names.
    public func outputTopic<Key, Value>(
        _ name: String,
        key: Serde<Key>,
        value: Serde<Value>
    ) throws -> TestOutputTopic<Key, Value> {
        try checkOutput(name)
        return TestOutputTopic(driver: self, name: name, keySerde: key, valueSerde: value)
    }

    /// A key-value store; throws ``StreamsError/Code/unknownStateStore`` or, for another kind, ``StreamsError/Code/invalidStateStore``.
    public func keyValueStore<Key, Value>(
        _ name: String,
        key: Serde<Key>,
        value: Serde<Value>
    ) throws -> KeyValueStore<Key, Value> {
        if let global = try globalTask(ofStore: name) {
            return try global.keyValueStore(named: name, key: key, value: value)
        }
        return try task(ofStore: name).keyValueStore(named: name, key: key, value: value)
    }

    /// A versioned store; throws ``StreamsError/Code/invalidStateStore`` if there is none of that name and kind.
    public func versionedStore<Key, Value>(
        _ name: String,
        key: Serde<Key>,
        value: Serde<Value>
    ) throws -> VersionedKeyValueStore<Key, Value> {
        try task(ofStore: name).versionedStore(named: name, key: key, value: value)
    }
}
