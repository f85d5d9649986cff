public import Swiftwater

extension TopologyTestDriver {
    /// Pipes the records of a drawing into its topics, as texts.
    public func pipe(_ diagram: MarbleDiagram) throws {
        try pipe(diagram, key: .optional(.string), value: .optional(.string)) { ($0.key, $0.value) }
    }

    /// Pipes the records of a drawing into its topics, with keys and values made of it.
    ///
    /// - Parameters:
    ///   - diagram: the drawing.
    ///   - key: how keys are written.
    ///   - value: how values are written.
    ///   - make: makes key and value of a record that is drawn.
    public func pipe<Key, Value>(
        _ diagram: MarbleDiagram,
        key: Serde<Key>,
        value: Serde<Value>,
        _ make: (Marble) throws -> (Key, Value)
    ) throws {
        for marble in diagram.marbles {
            let (drawnKey, drawnValue) = try make(marble)
            try inputTopic(marble.topic, key: key, value: value)
                .pipe(drawnKey, drawnValue, timestamp: marble.timestamp)
        }
    }

    /// Reads all that is left in a topic, to compare with the ``MarbleDiagram/marbles`` that were expected.
    public func readMarbles(of topic: String) throws -> [Marble] {
        try readMarbles(of: topic, key: .optional(.string), value: .optional(.string)) { ($0.key, $0.value) }
    }

    /// Reads all that is left in a topic, with texts made of keys and values.
    ///
    /// - Parameters:
    ///   - topic: the topic.
    ///   - key: how keys are read.
    ///   - value: how values are read.
    ///   - show: makes the texts of a record's key and value.
    public func readMarbles<Key, Value>(
        of topic: String,
        key: Serde<Key>,
        value: Serde<Value>,
        _ show: (Record<Key, Value>) throws -> (key: String?, value: String?)
    ) throws -> [Marble] {
        try outputTopic(topic, key: key, value: value).readRecords().map { record in
            let (key, value) = try show(record)
            return Marble(topic: topic, key: key, value: value, timestamp: record.timestamp)
        }
    }
}
