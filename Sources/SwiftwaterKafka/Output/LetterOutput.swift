internal import RDKafka
internal import Swiftwater

/// Where a thread sends that has nothing to send but dead letters: it makes its producer with the first of them.
final class LetterOutput: RecordOutput {
    private let make: () throws -> KafkaRecordOutput
    private var opened: KafkaRecordOutput?

    init(_ make: @escaping () throws -> KafkaRecordOutput) {
        self.make = make
    }

    func topic(named name: String) throws -> OutputTopic {
        let output = try opened ?? make()
        opened = output
        return try output.topic(named: name)
    }

    func send(
        to topic: OutputTopic,
        partition: Int32,
        key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?,
        timestamp: Timestamp,
        headers: Headers
    ) throws {
        try opened?.send(
            to: topic, partition: partition, key: key, value: value, timestamp: timestamp, headers: headers)
    }

    /// Waits for the letters' delivery, up to the time; whether all are delivered.
    func flush(timeout: Duration) throws -> Bool {
        try opened?.flush(timeout: timeout) ?? true
    }
}
