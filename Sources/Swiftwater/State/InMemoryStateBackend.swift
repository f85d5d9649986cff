/// A task's stores in memory: for tests, and for stores that are rebuilt from their changelog at every start.
package final class InMemoryStateBackend: StateBackend {
    private var stores: [Int: [[UInt8]: [UInt8]]] = [:]
    private var recorded = TaskCheckpoint()
    /// Holds the last value read, so that the pointer given out stays valid until the next call.
    private var lastRead: UnsafeMutableRawBufferPointer?

    package init() {}

    deinit {
        lastRead?.deallocate()
    }

    package func value(of key: UnsafeRawBufferPointer, in store: Int) -> UnsafeRawBufferPointer? {
        guard let value = stores[store]?[Array(key)] else { return nil }
        lastRead?.deallocate()
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: value.count, alignment: 8)
        copy.copyBytes(from: value)
        lastRead = copy
        return UnsafeRawBufferPointer(copy)
    }

    package func scan(
        _ store: Int,
        from: [UInt8]?,
        to: [UInt8]?,
        reverse: Bool,
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        let entries = (stores[store] ?? [:]).filter { key, _ in
            if let from, key.lexicographicallyPrecedes(from) { return false }
            if let to, to.lexicographicallyPrecedes(key) { return false }
            return true
        }
        let sorted = entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        for (key, value) in reverse ? sorted.reversed() : sorted {
            let goesOn = try key.withUnsafeBytes { key in try value.withUnsafeBytes { try body(key, $0) } }
            if !goesOn { return }
        }
    }

    package func approximateCount(of store: Int) -> Int { stores[store]?.count ?? 0 }

    package func commit(_ changes: [StoreChanges], checkpoint: TaskCheckpoint) {
        for change in changes {
            for position in 0..<change.count {
                let (key, value) = change[position]
                stores[change.store, default: [:]][Array(key)] = value.map(Array.init)
            }
        }
        recorded.changelogOffsets.merge(checkpoint.changelogOffsets) { _, new in new }
        recorded.inputOffsets.merge(checkpoint.inputOffsets) { _, new in new }
    }

    package func checkpoint() -> TaskCheckpoint { recorded }
}
