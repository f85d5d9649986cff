public import Swiftwater

/// The topics of a ``GoldenFile``, with what their keys and values are.
public struct GoldenTopics {
    /// A topic, its types forgotten.
    struct Topic {
        let name: String
        let pipe: (GoldenLine, TopologyTestDriver) throws -> Void
        /// The line as its topic would write it.
        let canonical: (GoldenLine) throws -> String
        /// What was written and not read yet: each record as a line, with its time and without.
        let read: (TopologyTestDriver) throws -> [Found]
    }

    /// A record that a topology wrote.
    struct Found {
        let line: String
        let lineWithoutTime: String
    }

    private(set) var all: [Topic] = []

    func topic(_ name: String) -> Topic? { all.first { $0.name == name } }

    /// Names a topic that the file pipes records into or expects records of.
    ///
    /// - Parameters:
    ///   - name: the topic.
    ///   - key: how keys are written; in the file they are JSON.
    ///   - value: how values are written; in the file they are JSON.
    public mutating func topic<Key: Codable, Value: Codable>(_ name: String, key: Serde<Key>, value: Serde<Value>) {
        all.append(
            Topic(
                name: name,
                pipe: { line, driver in
                    let topic = try driver.inputTopic(name, key: key, value: value)
                    func bytes<Part: Decodable>(_ component: SerdeContext.Component, _ serde: Serde<Part>) throws
                        -> [UInt8]?
                    {
                        if let bytes = try line.bytes(component) { return bytes }
                        let part = try line.decode(component, as: Part.self)
                        return try serde.serialize(part, topic: name, component: component)
                    }
                    try topic.pipeBytes(
                        key: bytes(.key, key), value: bytes(.value, value), timestamp: line.timestamp,
                        headers: line.headers())
                },
                canonical: { line in
                    let record = Record(
                        key: try line.decode(.key, as: Key.self), value: try line.decode(.value, as: Value.self),
                        timestamp: line.timestamp ?? 0, headers: try line.headers())
                    return try GoldenLine.text(expecting: record, of: name, timestamp: line.timestamp != nil)
                },
                read: { driver in
                    guard driver.producedTopicNames.contains(name) else { return [] }
                    return try driver.outputTopic(name, key: key, value: value).readRecords().map { record in
                        Found(
                            line: try GoldenLine.text(expecting: record, of: name, timestamp: true),
                            lineWithoutTime: try GoldenLine.text(expecting: record, of: name, timestamp: false))
                    }
                }
            ))
    }
}
