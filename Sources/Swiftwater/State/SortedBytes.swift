/// Entries in the order of their keys' bytes, whose copies cost next to nothing until one of them is written to.
///
/// They lie in chunks. What a copy shares with another is copied when it is written to, a chunk at a time: so a reader can keep the
/// entries as they are for as long as it likes, and whoever writes pays for the chunks that it touches meanwhile. Without a copy
/// nothing is shared, and writing is done in place.
struct SortedBytes {
    /// At most `capacity` entries next to each other.
    private struct Chunk {
        var keys: [[UInt8]]
        var values: [[UInt8]]
    }

    /// Small, because a chunk is what is copied for one change; large, because their number is what is searched and shifted.
    private static let capacity = 128

    private var chunks: [Chunk] = []
    /// The first key of each chunk. The first chunk's own stands for every key below it.
    private var firsts: [[UInt8]] = []
    private(set) var count = 0

    /// Where an entry is, or would be.
    private struct Place: Equatable {
        var chunk: Int
        var entry: Int
    }

    // MARK: Reading

    /// Calls `body` with the value of a key, and returns nil if there is none; the bytes are valid in the call only.
    func withValue<Result>(of key: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
        let place = self.place(of: key)
        guard holds(key, at: place) else { return nil }
        return chunks[place.chunk].values[place.entry].withUnsafeBytes(body)
    }

    /// Calls `body` for the entries with `from <= key <= to` (nil is open) in the order of keys, or in reverse, until it returns false.
    func scan(
        from: [UInt8]?,
        to: [UInt8]?,
        reverse: Bool,
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Bool
    ) rethrows {
        let first = from.map { bound in bound.withUnsafeBytes { place(of: $0) } } ?? Place(chunk: 0, entry: 0)
        var end = Place(chunk: chunks.count, entry: 0)
        if let to {
            to.withUnsafeBytes { bound in
                end = place(of: bound)
                if holds(bound, at: end) { end.entry += 1 }
            }
        }
        guard first.chunk <= end.chunk else { return }
        let last = min(end.chunk, chunks.count - 1)
        guard first.chunk <= last else { return }
        for step in 0...(last - first.chunk) {
            let index = reverse ? last - step : first.chunk + step
            let chunk = chunks[index]
            let start = index == first.chunk ? first.entry : 0
            let stop = index == end.chunk ? end.entry : chunk.keys.count
            guard start < stop else { continue }
            for offset in 0..<(stop - start) {
                let entry = reverse ? stop - 1 - offset : start + offset
                let goesOn = try chunk.keys[entry].withUnsafeBytes { key in
                    try chunk.values[entry].withUnsafeBytes { try body(key, $0) }
                }
                if !goesOn { return }
            }
        }
    }

    // MARK: Writing

    /// Sets the value of a key, or removes it with nil.
    mutating func set(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) {
        let place = self.place(of: key)
        switch (value, holds(key, at: place)) {
        case (let value?, true): chunks[place.chunk].values[place.entry] = Array(value)
        case (let value?, false): insert(Array(key), Array(value), at: place)
        case (nil, true): remove(at: place)
        case (nil, false): break
        }
    }

    /// Removes all entries whose keys are below one.
    mutating func removeAll(below floor: [UInt8]) {
        let kept = floor.withUnsafeBytes { place(of: $0) }
        for chunk in chunks[..<kept.chunk] { count -= chunk.keys.count }
        chunks.removeFirst(kept.chunk)
        firsts.removeFirst(kept.chunk)
        guard kept.entry > 0 else { return }
        count -= kept.entry
        chunks[0].keys.removeFirst(kept.entry)
        chunks[0].values.removeFirst(kept.entry)
        if chunks[0].keys.isEmpty { removeChunk(0) } else { firsts[0] = chunks[0].keys[0] }
    }

    private mutating func insert(_ key: [UInt8], _ value: [UInt8], at place: Place) {
        count += 1
        if chunks.isEmpty {
            chunks.append(Chunk(keys: [key], values: [value]))
            firsts.append(key)
            return
        }
        // A key between two chunks goes to the end of the lower one.
        chunks[place.chunk].keys.insert(key, at: place.entry)
        chunks[place.chunk].values.insert(value, at: place.entry)
        if place.entry == 0 { firsts[place.chunk] = key }
        if chunks[place.chunk].keys.count > Self.capacity {
            split(place.chunk, isAppended: place.entry == Self.capacity)
        }
    }

    /// In halves; one that was appended to keeps what it has, as keys that only grow would leave every chunk half empty.
    private mutating func split(_ index: Int, isAppended: Bool) {
        let middle = isAppended && index == chunks.count - 1 ? Self.capacity : Self.capacity / 2
        let upper = Chunk(
            keys: Array(chunks[index].keys[middle...]), values: Array(chunks[index].values[middle...]))
        chunks[index].keys.removeSubrange(middle...)
        chunks[index].values.removeSubrange(middle...)
        chunks.insert(upper, at: index + 1)
        firsts.insert(upper.keys[0], at: index + 1)
    }

    private mutating func remove(at place: Place) {
        count -= 1
        chunks[place.chunk].keys.remove(at: place.entry)
        chunks[place.chunk].values.remove(at: place.entry)
        if chunks[place.chunk].keys.isEmpty {
            removeChunk(place.chunk)
        } else if place.entry == 0 {
            firsts[place.chunk] = chunks[place.chunk].keys[0]
        }
    }

    private mutating func removeChunk(_ index: Int) {
        chunks.remove(at: index)
        firsts.remove(at: index)
    }

    // MARK: Searching

    /// The place of the first key that is not below `key`, or behind the last one of the only chunk that may have it.
    private func place(of key: UnsafeRawBufferPointer) -> Place {
        if chunks.isEmpty { return Place(chunk: 0, entry: 0) }
        // The last chunk that does not begin above the key.
        var low = 1
        var high = firsts.count
        while low < high {
            let middle = (low + high) / 2
            if firsts[middle].withUnsafeBytes({ compare($0, key) <= 0 }) { low = middle + 1 } else { high = middle }
        }
        let index = low - 1
        return Place(chunk: index, entry: Self.entry(of: key, in: chunks[index].keys))
    }

    private static func entry(of key: UnsafeRawBufferPointer, in keys: [[UInt8]]) -> Int {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle].withUnsafeBytes({ compare($0, key) < 0 }) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func holds(_ key: UnsafeRawBufferPointer, at place: Place) -> Bool {
        guard place.chunk < chunks.count, place.entry < chunks[place.chunk].keys.count else { return false }
        return chunks[place.chunk].keys[place.entry].withUnsafeBytes { equal($0, key) }
    }
}
