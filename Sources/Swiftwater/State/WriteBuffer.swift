/// The writes of one store since the last commit: a hash table over bytes, last value wins.
///
/// Everything lives in two blocks of memory (an arena of bytes and a table of indices), so that an update of a key that is
/// already there allocates nothing. `touchOrder` remembers when each key was last written, because caches forward in
/// that order, and `sortedOrder()` gives key order, in which LMDB is written.
///
/// Pointers handed out are valid until the next write or clear.
@usableFromInline
package final class WriteBuffer {
    private struct Entry {
        var hash: UInt32
        var keyLength: Int32
        var keyStart: Int
        var valueStart: Int
        /// -1 is a deletion.
        var valueLength: Int32
        var valueCapacity: Int32
        /// The position in `touches` of the last write.
        var touch: Int32
    }

    @exclusivity(unchecked) private var arena: UnsafeMutableRawPointer
    @exclusivity(unchecked) private var arenaCapacity: Int
    @exclusivity(unchecked) private var arenaCount = 0
    @exclusivity(unchecked) private var entries: [Entry] = []
    /// Indices into `entries`, plus one; 0 is a free slot. A power of two long.
    @exclusivity(unchecked) private var table: [Int32]
    @exclusivity(unchecked) private var mask: Int
    @exclusivity(unchecked) private var touches: [Int32] = []
    /// The entries in key order; nil until a scan first asks for it.
    @exclusivity(unchecked) private var order: EntryOrder?
    private let seed: UInt64

    package init(seed: UInt64 = UInt64.random(in: .min ... .max)) {
        self.seed = seed
        self.arenaCapacity = 4096
        self.arena = .allocate(byteCount: arenaCapacity, alignment: 16)
        self.table = Array(repeating: 0, count: 256)
        self.mask = 255
    }

    deinit {
        arena.deallocate()
    }

    package var isEmpty: Bool { entries.isEmpty }
    package var count: Int { entries.count }

    /// Bytes in use, to bound what a commit interval may hold.
    package var byteCount: Int {
        arenaCount + entries.count * MemoryLayout<Entry>.stride + (table.count + touches.count) * 4
    }

    // MARK: Reading

    /// The entry of a key, or nil if it was not written since the last clear.
    package func find(_ key: UnsafeRawBufferPointer) -> Int? {
        if entries.isEmpty { return nil }
        return locate(key, hash(key)).entry
    }

    @usableFromInline
    package func key(at entry: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: arena + entries[entry].keyStart, count: Int(entries[entry].keyLength))
    }

    /// The value of an entry; nil is a deletion.
    @usableFromInline
    package func value(at entry: Int) -> UnsafeRawBufferPointer? {
        let length = entries[entry].valueLength
        if length < 0 { return nil }
        return UnsafeRawBufferPointer(start: arena + entries[entry].valueStart, count: Int(length))
    }

    // MARK: Writing

    /// Sets the value of a key, nil to delete it; returns its entry. The bytes may not lie in this buffer's arena.
    @discardableResult
    package func set(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) -> Int {
        let hash = hash(key)
        let found = locate(key, hash)
        let index: Int
        if let entry = found.entry {
            index = entry
            write(value, to: index)
        } else {
            index = insert(key, value, hash, slot: found.slot)
        }
        entries[index].touch = Int32(touches.count)
        touches.append(Int32(index))
        if touches.count > 4 * entries.count + 1024 { compactTouches() }
        return index
    }

    /// Forgets everything and keeps the memory.
    package func clear() {
        if entries.isEmpty { return }
        entries.removeAll(keepingCapacity: true)
        touches.removeAll(keepingCapacity: true)
        if order != nil { order = EntryOrder(sorted: []) }
        arenaCount = 0
        table.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    }

    // MARK: Orders

    /// The entries in the order of their last writes.
    @usableFromInline
    package func touchOrder() -> [Int32] {
        var order: [Int32] = []
        order.reserveCapacity(entries.count)
        for (position, entry) in touches.enumerated() where entries[Int(entry)].touch == Int32(position) {
            order.append(entry)
        }
        return order
    }

    /// The entries in key order for scans; from the first call on it is kept up with every new key.
    func keyOrder() -> EntryOrder {
        if let order { return order }
        let sorted = EntryOrder(sorted: sortedOrder())
        order = sorted
        return sorted
    }

    /// The first position in an order whose key is not below `key`, or above it.
    func position(in order: EntryOrder, from key: UnsafeRawBufferPointer, orAbove: Bool = false) -> EntryOrder.Position
    {
        order.firstPosition { entry in
            let result = compare(self.key(at: Int(entry)), key)
            return orAbove ? result <= 0 : result < 0
        }
    }

    /// The entries in key order, keys compared as unsigned bytes.
    package func sortedOrder() -> [Int32] {
        if let order { return order.entries }
        // Most comparisons are decided by the eight bytes after what all keys begin with, compared as one number.
        let common = commonPrefixLength()
        var items: [(prefix: UInt64, entry: Int32)] = []
        items.reserveCapacity(entries.count)
        for index in entries.indices {
            items.append((word(at: common, of: index), Int32(index)))
        }
        items.sort { left, right in
            if left.prefix != right.prefix { return left.prefix < right.prefix }
            return compare(key(at: Int(left.entry)), key(at: Int(right.entry))) < 0
        }
        return items.map(\.entry)
    }

    // MARK: Table

    private func hash(_ key: UnsafeRawBufferPointer) -> UInt32 {
        var state = seed ^ UInt64(truncatingIfNeeded: key.count) &* 0x9E37_79B9_7F4A_7C15
        var position = 0
        while position &+ 8 <= key.count {
            state = mix(state ^ key.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            position &+= 8
        }
        var rest: UInt64 = 0
        while position < key.count {
            rest = rest << 8 | UInt64(key[position])
            position &+= 1
        }
        state = mix(state ^ rest)
        return UInt32(truncatingIfNeeded: state ^ state >> 32)
    }

    private func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }

    private func locate(_ key: UnsafeRawBufferPointer, _ hash: UInt32) -> (entry: Int?, slot: Int) {
        var slot = Int(hash) & mask
        while true {
            let reference = table[slot]
            if reference == 0 { return (nil, slot) }
            let index = Int(reference) - 1
            if entries[index].hash == hash, equal(self.key(at: index), key) { return (index, slot) }
            slot = (slot &+ 1) & mask
        }
    }

    private func insert(
        _ key: UnsafeRawBufferPointer,
        _ value: UnsafeRawBufferPointer?,
        _ hash: UInt32,
        slot: Int
    ) -> Int {
        let keyStart = store(key, capacity: key.count)
        let valueStart = value.map { store($0, capacity: $0.count) } ?? keyStart
        entries.append(
            Entry(
                hash: hash,
                keyLength: Int32(key.count),
                keyStart: keyStart,
                valueStart: valueStart,
                valueLength: Int32(value?.count ?? -1),
                valueCapacity: Int32(value?.count ?? 0),
                touch: 0
            )
        )
        table[slot] = Int32(entries.count)
        if entries.count * 2 > table.count { growTable() }
        let index = entries.count - 1
        if order != nil {
            let key = self.key(at: index)
            order?.insert(Int32(index)) { compare(self.key(at: Int($0)), key) < 0 }
        }
        return index
    }

    private func write(_ value: UnsafeRawBufferPointer?, to index: Int) {
        guard let value else {
            entries[index].valueLength = -1
            return
        }
        if value.count <= Int(entries[index].valueCapacity) {
            if let source = value.baseAddress {
                (arena + entries[index].valueStart).copyMemory(from: source, byteCount: value.count)
            }
        } else {
            // A value that grows gets room to grow on, so that lists do not fill the arena with their past.
            let capacity = entries[index].valueCapacity == 0 ? value.count : value.count + value.count / 2
            entries[index].valueStart = store(value, capacity: capacity)
            entries[index].valueCapacity = Int32(capacity)
        }
        entries[index].valueLength = Int32(value.count)
    }

    private func growTable() {
        let size = table.count * 4
        mask = size - 1
        table = Array(repeating: 0, count: size)
        for index in entries.indices {
            var slot = Int(entries[index].hash) & mask
            while table[slot] != 0 { slot = (slot &+ 1) & mask }
            table[slot] = Int32(index + 1)
        }
    }

    private func compactTouches() {
        let order = touchOrder()
        touches.removeAll(keepingCapacity: true)
        for entry in order {
            entries[Int(entry)].touch = Int32(touches.count)
            touches.append(entry)
        }
    }

    // MARK: Arena

    private func store(_ bytes: UnsafeRawBufferPointer, capacity: Int) -> Int {
        if arenaCount + capacity > arenaCapacity {
            arenaCapacity = max(arenaCapacity * 2, arenaCount + capacity)
            let larger = UnsafeMutableRawPointer.allocate(byteCount: arenaCapacity, alignment: 16)
            larger.copyMemory(from: arena, byteCount: arenaCount)
            arena.deallocate()
            arena = larger
        }
        if let source = bytes.baseAddress {
            (arena + arenaCount).copyMemory(from: source, byteCount: bytes.count)
        }
        defer { arenaCount += capacity }
        return arenaCount
    }

    /// How many bytes all keys begin with in common.
    private func commonPrefixLength() -> Int {
        if entries.isEmpty { return 0 }
        let first = key(at: 0)
        var length = first.count
        for index in entries.indices {
            let other = key(at: index)
            length = min(length, other.count)
            while length > 0, !equal(.init(rebasing: first[..<length]), .init(rebasing: other[..<length])) {
                length -= 1
            }
            if length == 0 { return 0 }
        }
        return length
    }

    /// Eight bytes of a key from a position on as a number that orders as they do; zeros stand in for what is missing.
    private func word(at position: Int, of index: Int) -> UInt64 {
        let bytes = key(at: index)
        if bytes.count >= position + 8 {
            return UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        }
        var word: UInt64 = 0
        for offset in position..<position + 8 {
            word = word << 8 | (offset < bytes.count ? UInt64(bytes[offset]) : 0)
        }
        return word
    }
}
