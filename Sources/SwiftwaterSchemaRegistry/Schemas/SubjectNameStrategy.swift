public import Swiftwater

/// Under which subject the schema of a topic's keys or values stands; the counterpart of Confluent's `SubjectNameStrategy`.
public struct SubjectNameStrategy: Sendable {
    /// Gives a subject from a topic, the half of the record and the name of the record's type.
    let name: @Sendable (String, SerdeContext.Component, RecordName) throws -> String

    /// A strategy of one's own.
    ///
    /// - Parameter name: gives a subject from the topic and the half of the record; it is asked once for each topic.
    public init(_ name: @escaping @Sendable (_ topic: String, _ component: SerdeContext.Component) throws -> String) {
        self.name = { topic, component, _ in try name(topic, component) }
    }

    private init(byRecord name: @escaping @Sendable (String, SerdeContext.Component, RecordName) throws -> String) {
        self.name = name
    }

    /// `orders-value`: one type for a topic's values, one for its keys. The default (`TopicNameStrategy`).
    public static let topic = SubjectNameStrategy { topic, component in "\(topic)-\(component.rawValue)" }

    /// `shop.v1.Order`: the type alone, wherever it is written (`RecordNameStrategy`).
    public static let record = SubjectNameStrategy(byRecord: { _, _, record in try record.text })

    /// `orders-shop.v1.Order`: several types in a topic, each with versions of its own (`TopicRecordNameStrategy`).
    public static let topicRecord = SubjectNameStrategy(byRecord: { topic, _, record in "\(topic)-\(try record.text)" })
}
