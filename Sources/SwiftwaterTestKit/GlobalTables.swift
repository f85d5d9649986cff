import Logging
import Swiftwater

/// The global tables of a topology under test.
final class GlobalTables {
    let task: GlobalTask
    /// What was committed, which is what the tasks see.
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
}
