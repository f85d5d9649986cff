package import Swiftwater

/// The stores of a task: those on disk in LMDB, those in memory beside them.
///
/// What is in memory is gone with the task and comes back from its changelog, so its changelog offsets are in memory too. A commit
/// writes the disk first: if that fails nothing of it is written.
package final class TaskStores: StateBackend {
    package let disk: LMDBStateBackend
    private let memory = InMemoryStateBackend()
    private let isInMemory: [Bool]

    /// - Parameter definitions: the task's stores, in the order of the backend.
    package init(_ disk: LMDBStateBackend, _ definitions: [StoreDefinition]) {
        self.disk = disk
        isInMemory = definitions.map { !$0.isPersistent }
    }

    /// What the task reads and writes: LMDB itself where nothing is in memory, which saves a step for each access.
    package var backend: any StateBackend { isInMemory.contains(true) ? self : disk }

    package func value(of key: UnsafeRawBufferPointer, in store: Int) throws -> UnsafeRawBufferPointer? {
        isInMemory[store] ? memory.value(of: key, in: store) : try disk.value(of: key, in: store)
    }

    package func scan(
        _ store: Int,
        from: [UInt8]?,
        to: [UInt8]?,
        reverse: Bool,
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        if isInMemory[store] {
            try memory.scan(store, from: from, to: to, reverse: reverse, body)
        } else {
            try disk.scan(store, from: from, to: to, reverse: reverse, body)
        }
    }

    package func approximateCount(of store: Int) throws -> Int {
        isInMemory[store] ? memory.approximateCount(of: store) : try disk.approximateCount(of: store)
    }

    package func commit(_ changes: [StoreChanges], checkpoint: TaskCheckpoint) throws {
        var lasting = checkpoint
        lasting.changelogOffsets = checkpoint.changelogOffsets.filter { !isInMemory[$0.key] }
        try disk.commit(changes.filter { !isInMemory[$0.store] }, checkpoint: lasting)
        let volatile = checkpoint.changelogOffsets.filter { isInMemory[$0.key] }
        memory.commit(
            changes.filter { isInMemory[$0.store] }, checkpoint: TaskCheckpoint(changelogOffsets: volatile))
    }

    package func checkpoint() throws -> TaskCheckpoint {
        var checkpoint = try disk.checkpoint()
        checkpoint.changelogOffsets.merge(memory.checkpoint().changelogOffsets) { _, volatile in volatile }
        return checkpoint
    }

    /// Empties a store and forgets its changelog offset: it is restored from the beginning.
    package func removeAll(in store: Int) throws {
        if isInMemory[store] { memory.removeAll(in: store) } else { try disk.removeAll(in: [store]) }
    }

    /// Closes the disk; what is in memory is gone with this object.
    package func close() throws {
        try disk.close()
    }
}
