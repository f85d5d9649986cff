/// Told how stores come back from their changelogs; `StateRestoreListener` is the counterpart (KIP-167, KIP-869).
///
/// Called on the restoring thread, which waits meanwhile. Every method has an empty default.
public protocol StateRestoreListener: Sendable {
    /// A store that is behind its changelog begins to read it.
    func restoreStarted(_ restore: StateRestore)
    /// Some records were written to the store; ``StateRestore/restoredRecords`` counts them too.
    func batchRestored(_ restore: StateRestore, records: Int)
    /// The store holds all that its changelog tells.
    func restoreEnded(_ restore: StateRestore)
    /// The task went elsewhere before its store was complete.
    func restoreSuspended(_ restore: StateRestore)
}

extension StateRestoreListener {
    /// Does nothing.
    public func restoreStarted(_ restore: StateRestore) {}
    /// Does nothing.
    public func batchRestored(_ restore: StateRestore, records: Int) {}
    /// Does nothing.
    public func restoreEnded(_ restore: StateRestore) {}
    /// Does nothing.
    public func restoreSuspended(_ restore: StateRestore) {}
}

/// One store of one task on its way back.
public struct StateRestore: Sendable, Hashable {
    /// The task, such as `1_3`.
    public var task: String
    /// The state store.
    public var store: String
    /// The changelog topic.
    public var topic: String
    /// The partition of the changelog.
    public var partition: Int32
    /// The offset of the first record to be read.
    public var startingOffset: Int64
    /// The offset after the last record to be read. With compaction there are fewer records than offsets.
    public var endOffset: Int64
    /// How many records were written to the store so far.
    public var restoredRecords: Int
}
