internal import Swiftwater

/// The backend of tasks that keep nothing.
final class NoState: StateBackend {
    func value(of key: UnsafeRawBufferPointer, in store: Int) throws -> UnsafeRawBufferPointer? { nil }

    func scan(
        _ store: Int,
        from: [UInt8]?,
        to: [UInt8]?,
        reverse: Bool,
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Bool
    ) throws {}

    func approximateCount(of store: Int) throws -> Int { 0 }

    func commit(_ changes: [StoreChanges], checkpoint: TaskCheckpoint) throws {}

    func checkpoint() throws -> TaskCheckpoint { TaskCheckpoint() }
}
