import Logging

@testable import Swiftwater

/// A store of a kind over a backend in memory, with what it needs of a task around it.
final class StoreFixture {
    let backend = InMemoryStateBackend()
    let output = EngineFixture.Output()
    let context: TaskContext
    let bytes: KeyValueBytesStore

    init(_ kind: StoreDefinition.Kind, _ storeType: StoreType = .persistent) {
        context = TaskContext(
            taskID: TaskID(subtopology: 0, partition: 0),
            output: output,
            clock: EngineFixture.Clock(),
            settings: TaskSettings(applicationID: "app"),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let definition = StoreDefinition(name: "store", kind: kind, storeType: storeType)
        bytes = KeyValueBytesStore(definition: definition, index: 0, backend: backend)
    }

    /// What a commit does to a store.
    func commit() throws {
        bytes.prepareCommit()
        let changelog = ChangelogWriter(
            store: bytes,
            topic: output.topic(named: "app-store-changelog"),
            context: context
        )
        try changelog.writeChanges()
        backend.commit([bytes.changes()], checkpoint: TaskCheckpoint())
        bytes.clear()
    }

    var dropped: Int { context.dropped.byReason[.expired] ?? 0 }

    /// A store made from the changelog that this one wrote.
    func restored() throws -> StoreFixture {
        let copy = StoreFixture(bytes.definition.kind)
        let replay = ChangelogReplay(bytes.definition, index: 0, backend: copy.backend)
        for sent in output.records {
            try sent.key.withUnsafeBytes { key in
                if let value = sent.value {
                    try value.withUnsafeBytes { try replay.take(key: key, value: $0, timestamp: sent.timestamp) }
                } else {
                    try replay.take(key: key, value: nil, timestamp: sent.timestamp)
                }
            }
        }
        copy.backend.commit([replay.changes], checkpoint: TaskCheckpoint())
        return copy
    }
}
