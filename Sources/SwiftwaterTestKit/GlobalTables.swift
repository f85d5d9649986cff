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

    func scan(
        _ store: Int,
        from: [UInt8]?,
        to: [UInt8]?,
        reverse: Bool,
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        try backend.scan(store, from: from, to: to, reverse: reverse, body)
    }

    func approximateCount(of store: Int) -> Int { backend.approximateCount(of: store) }
}
