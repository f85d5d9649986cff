/// Sends the changes of one store to its changelog at a commit, the last value of each key once.
final class ChangelogWriter {
    private let store: KeyValueBytesStore
    private let topic: OutputTopic
    private let context: TaskContext

    init(store: KeyValueBytesStore, topic: OutputTopic, context: TaskContext) {
        self.store = store
        self.topic = topic
        self.context = context
    }

    func writeChanges() throws {
        let partition = context.taskID.partition
        for entry in store.buffer.touchOrder() {
            let stored = store.buffer.value(at: Int(entry))
            // F-06: the changelog holds the plain value, the time is the record's.
            try context.output.send(
                to: topic,
                partition: partition,
                key: store.buffer.key(at: Int(entry)),
                value: stored.map { TimestampedValue.plain($0) },
                timestamp: store.timestamp(of: Int(entry)),
                headers: Headers()
            )
        }
    }
}
