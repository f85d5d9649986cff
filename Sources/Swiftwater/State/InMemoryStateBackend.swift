/// A task's stores in memory: for tests, and for stores that are rebuilt from their changelog at every start.
package final class InMemoryStateBackend: StateBackend {
    /// By the number of the store; one that nothing was written to may be missing at the end.
    private var stores: [SortedBytes] = []
    private var recorded = TaskCheckpoint()
    /// Holds the last value read, so that the pointer given out stays valid until the next call.
    private var lastRead = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 8)

    package init() {}

    /// What the last commit of another left, to be read as it is or written on: neither sees what becomes of the other.
    ///
    /// It costs as much as there are stores, however much is in them; what both share is copied where one of them changes it.
    package init(copying other: InMemoryStateBackend) {
        stores = other.stores
        recorded = other.recorded
    }

    deinit {
        lastRead.deallocate()
    }

    package func value(of key: UnsafeRawBufferPointer, in store: Int) -> UnsafeRawBufferPointer? {
        guard stores.indices.contains(store) else { return nil }
        return stores[store].withValue(of: key) { value in
            if value.count > lastRead.count {
                lastRead.deallocate()
                lastRead = .allocate(byteCount: 2 * value.count, alignment: 8)
            }
            lastRead.copyMemory(from: value)
            return UnsafeRawBufferPointer(rebasing: lastRead[..<value.count])
        }
    }

    package func scan(
        _ store: Int,
        from: [UInt8]?,
        to: [UInt8]?,
        reverse: Bool,
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        guard stores.indices.contains(store) else { return }
        let entries = stores[store]
        try entries.scan(from: from, to: to, reverse: reverse, body)
    }

    package func approximateCount(of store: Int) -> Int {
        stores.indices.contains(store) ? stores[store].count : 0
    }

    package func commit(_ changes: [StoreChanges], checkpoint: TaskCheckpoint) {
        for change in changes {
            while stores.count <= change.store { stores.append(SortedBytes()) }
            for position in 0..<change.count {
                let (key, value) = change[position]
                stores[change.store].set(key, value)
            }
            if let floor = change.floor { stores[change.store].removeAll(below: floor) }
        }
        recorded.changelogOffsets.merge(checkpoint.changelogOffsets) { _, new in new }
        recorded.inputOffsets.merge(checkpoint.inputOffsets) { _, new in new }
    }

    /// Empties a store and forgets its changelog offset.
    package func removeAll(in store: Int) {
        if stores.indices.contains(store) { stores[store] = SortedBytes() }
        recorded.changelogOffsets[store] = nil
    }

    package func checkpoint() -> TaskCheckpoint { recorded }
}
