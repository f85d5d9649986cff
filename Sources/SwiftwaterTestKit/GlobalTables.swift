import Logging
import Swiftwater

/// The global tables of a topology under test, as its tasks see them: what was committed.
final class GlobalTables: GlobalStoreView {
    let task: GlobalTask
    let backend = InMemoryStateBackend()

    /// Nil if the topology has no global tables.
    init?(_ topology: Topology, settings: TaskSettings, output: any RecordOutput, clock: any WallClock) throws {
        if topology.globalParts.isEmpty { return nil }
        task = try GlobalTask(
            topology: topology,
            settings: settings,
            output: output,
            backend: backend,
            clock: clock,
            logger: Logger(label: "swiftwater.test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    func value(of key: UnsafeRawBufferPointer, in store: Int) -> UnsafeRawBufferPointer? {
        backend.value(of: key, in: store)
    }
}
