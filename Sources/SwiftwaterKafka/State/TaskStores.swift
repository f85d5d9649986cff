package import Swiftwater

/// The stores of a task: those on disk in LMDB, those in memory beside them.
///
/// What is in memory is gone with the task and comes back from its changelog, so its changelog offsets are in memory too. A commit
/// writes the disk first: if that fails nothing of it is written.
package final class TaskStores: StateBackend {
    package let disk: LMDBStateBackend
    let memory: MemoryStores

    /// - Parameter definitions: the task's stores, in the order of the backend.
    package init(_ disk: LMDBStateBackend, _ definitions: [StoreDefinition]) {
        self.disk = disk
        memory = MemoryStores(task: disk.task, definitions)
    }

    /// What the task reads and writes: LMDB itself where nothing is in memory, which saves a step for each access.
    package var backend: any StateBackend { memory.isUnused ? disk : self }

    package func value(of key: UnsafeRawBufferPointer, in store: Int) throws -> UnsafeRawBufferPointer? {
        try reading(store).value(of: key, in: store)
    }

    package func scan(
        _ store: Int,
        from: [UInt8]?,
        to: [UInt8]?,
        reverse: Bool,
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        try reading(store).scan(store, from: from, to: to, reverse: reverse, body)
    }

    package func approximateCount(of store: Int) throws -> Int {
        try reading(store).approximateCount(of: store)
    }

    package func commit(_ changes: [StoreChanges], checkpoint: TaskCheckpoint) throws {
        var lasting = checkpoint
        lasting.changelogOffsets = checkpoint.changelogOffsets.filter { !memory.keeps($0.key) }
        try disk.commit(changes.filter { !memory.keeps($0.store) }, checkpoint: lasting)
        if memory.isUnused { return }
        // With the inputs as well: a query of these stores learns from them how far they have come.
        var volatile = checkpoint
        volatile.changelogOffsets = checkpoint.changelogOffsets.filter { memory.keeps($0.key) }
        memory.commit(changes.filter { memory.keeps($0.store) }, checkpoint: volatile)
    }

    package func checkpoint() throws -> TaskCheckpoint {
        var checkpoint = try disk.checkpoint()
        checkpoint.changelogOffsets.merge(memory.checkpoint().changelogOffsets) { _, volatile in volatile }
        return checkpoint
    }

    /// Empties a store and forgets its changelog offset: it is restored from the beginning.
    package func removeAll(in store: Int) throws {
        if memory.keeps(store) { memory.removeAll(in: store) } else { try disk.removeAll(in: [store]) }
    }

    /// Closes the disk; what is in memory is gone with this object, and with the last query that reads it.
    package func close() throws {
        memory.close()
        try disk.close()
    }

    private func reading(_ store: Int) -> any StateReading { memory.keeps(store) ? memory.reading : disk }
}
