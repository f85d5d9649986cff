import Swiftwater

/// Keeps what the tasks send until the driver hands it on. Every topic that a task asks for exists, with one partition.
final class CapturedOutput: RecordOutput {
    private(set) var topicNames: Set<String> = []
    private var captured: [CapturedRecord] = []

    func topic(named name: String) -> OutputTopic {
        topicNames.insert(name)
        return OutputTopic(name: name, partitionCount: 1)
    }

    func send(
        to topic: OutputTopic,
        partition: Int32,
        key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?,
        timestamp: Timestamp,
        headers: Headers
    ) {
        captured.append(
            CapturedRecord(
                topic: topic.name,
                key: key.map(Array.init),
                value: value.map(Array.init),
                timestamp: timestamp,
                headers: headers
            )
        )
    }

    /// All that was sent since the last call, in order.
    func takeAll() -> [CapturedRecord] {
        defer { captured.removeAll(keepingCapacity: true) }
        return captured
    }
}
