/// A task's stores in memory: for tests, and for stores that are rebuilt from their changelog at every start.
package final class InMemoryStateBackend: StateBackend {
    /// One store: keys in order, and their values.
    private struct Entries {
        var keys: [[UInt8]] = []
        var values: [[UInt8]] = []

        /// The first place whose key is not below `key`.
        func place(of key: UnsafeRawBufferPointer) -> Int {
            var low = 0
            var high = keys.count
            while low < high {
                let middle = (low + high) / 2
                if keys[middle].withUnsafeBytes({ compare($0, key) < 0 }) { low = middle + 1 } else { high = middle }
            }
            return low
        }

        func holds(_ key: UnsafeRawBufferPointer, at place: Int) -> Bool {
            place < keys.count && keys[place].withUnsafeBytes { equal($0, key) }
        }
    }

    private var stores: [Int: Entries] = [:]
    private var recorded = TaskCheckpoint()
    /// Holds the last value read, so that the pointer given out stays valid until the next call.
    private var lastRead: UnsafeMutableRawBufferPointer?

    package init() {}

    deinit {
        lastRead?.deallocate()
    }

    package func value(of key: UnsafeRawBufferPointer, in store: Int) -> UnsafeRawBufferPointer? {
        guard let entries = stores[store] else { return nil }
        let place = entries.place(of: key)
        guard entries.holds(key, at: place) else { return nil }
        let value = entries.values[place]
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
        guard let entries = stores[store] else { return }
        let first = from.map { bound in bound.withUnsafeBytes { entries.place(of: $0) } } ?? 0
        var last = entries.keys.count
        if let to {
            to.withUnsafeBytes { bound in
                last = entries.place(of: bound)
                if entries.holds(bound, at: last) { last += 1 }
            }
        }
        if first >= last { return }
        for step in 0..<(last - first) {
            let place = reverse ? last - 1 - step : first + step
            let goesOn = try entries.keys[place].withUnsafeBytes { key in
                try entries.values[place].withUnsafeBytes { try body(key, $0) }
            }
            if !goesOn { return }
        }
    }

    package func approximateCount(of store: Int) -> Int { stores[store]?.keys.count ?? 0 }

    package func commit(_ changes: [StoreChanges], checkpoint: TaskCheckpoint) {
        for change in changes {
            var entries = stores.removeValue(forKey: change.store) ?? Entries()
            if change.count > 64, change.count > entries.keys.count / 64 {
                entries = Self.merged(entries, change)
            } else {
                for position in 0..<change.count { Self.apply(change[position], to: &entries) }
            }
            if let floor = change.floor {
                let kept = floor.withUnsafeBytes { entries.place(of: $0) }
                entries.keys.removeFirst(kept)
                entries.values.removeFirst(kept)
            }
            stores[change.store] = entries
        }
        recorded.changelogOffsets.merge(checkpoint.changelogOffsets) { _, new in new }
        recorded.inputOffsets.merge(checkpoint.inputOffsets) { _, new in new }
    }

    /// Empties a store and forgets its changelog offset.
    package func removeAll(in store: Int) {
        stores[store] = nil
        recorded.changelogOffsets[store] = nil
    }

    package func checkpoint() -> TaskCheckpoint { recorded }

    private static func apply(
        _ change: (key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?),
        to entries: inout Entries
    ) {
        let place = entries.place(of: change.key)
        let isThere = entries.holds(change.key, at: place)
        switch (change.value, isThere) {
        case (let value?, true): entries.values[place] = Array(value)
        case (let value?, false):
            entries.keys.insert(Array(change.key), at: place)
            entries.values.insert(Array(value), at: place)
        case (nil, true):
            entries.keys.remove(at: place)
            entries.values.remove(at: place)
        case (nil, false): break
        }
    }

    /// Both in one pass, which many changes are worth.
    private static func merged(_ old: Entries, _ changes: StoreChanges) -> Entries {
        var result = Entries()
        result.keys.reserveCapacity(old.keys.count + changes.count)
        result.values.reserveCapacity(old.keys.count + changes.count)
        var place = 0
        for position in 0..<changes.count {
            let (key, value) = changes[position]
            while place < old.keys.count, old.keys[place].withUnsafeBytes({ compare($0, key) < 0 }) {
                result.keys.append(old.keys[place])
                result.values.append(old.values[place])
                place += 1
            }
            if old.holds(key, at: place) { place += 1 }
            if let value {
                result.keys.append(Array(key))
                result.values.append(Array(value))
            }
        }
        result.keys += old.keys[place...]
        result.values += old.values[place...]
        return result
    }
}
