/// One key-value store of a task as bytes: the write buffer of the current commit interval over what the backend holds.
final class KeyValueBytesStore {
    let definition: StoreDefinition
    let index: Int
    let buffer = WriteBuffer()
    private let backend: any StateBackend
    /// The headers that the cached change of an entry is to be forwarded with; almost always empty.
    private(set) var cachedHeaders: [Int: Headers] = [:]
    private var deletionTimestamps: [Int: Timestamp] = [:]

    init(definition: StoreDefinition, index: Int, backend: any StateBackend) {
        self.definition = definition
        self.index = index
        self.backend = backend
    }

    /// The value of a key; the bytes are valid until the next call of the store.
    func value(of key: UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer? {
        if let entry = buffer.find(key) { return buffer.value(at: entry) }
        return try backend.value(of: key, in: index)
    }

    /// The value as the last commit left it, which is what a cached change is the change of (S-36).
    func committedValue(of key: UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer? {
        try backend.value(of: key, in: index)
    }

    /// When the change of an entry happened: the time in its value, or that of its deletion.
    func timestamp(of entry: Int) -> Timestamp {
        if let value = buffer.value(at: entry) { return TimestampedValue.timestamp(of: value) }
        return deletionTimestamps[entry] ?? .unknown
    }

    /// Sets a value, or deletes the key with nil.
    func set(
        _ key: UnsafeRawBufferPointer,
        _ value: UnsafeRawBufferPointer?,
        timestamp: Timestamp,
        headers: Headers = Headers()
    ) {
        let entry = buffer.set(key, value)
        if value == nil { deletionTimestamps[entry] = timestamp }
        if !headers.isEmpty {
            cachedHeaders[entry] = headers
        } else if !cachedHeaders.isEmpty {
            cachedHeaders[entry] = nil
        }
    }

    /// Entries in key order with both ends included, the buffer's over the backend's; stops when `body` returns false.
    func scan(
        from: [UInt8]?,
        to: [UInt8]?,
        reverse: Bool,
        _ body: (_ key: [UInt8], _ value: [UInt8]) throws -> Bool
    ) throws {
        var buffered = buffer.sortedOrder().map(Int.init).filter { entry in
            let key = buffer.key(at: entry)
            if let from, from.withUnsafeBytes({ compare(key, $0) }) < 0 { return false }
            if let to, to.withUnsafeBytes({ compare(key, $0) }) > 0 { return false }
            return true
        }
        if reverse { buffered.reverse() }
        var position = 0
        var goesOn = true
        func emitBuffered() throws {
            let entry = buffered[position]
            position += 1
            guard let value = buffer.value(at: entry) else { return }
            goesOn = try body(Array(buffer.key(at: entry)), Array(value))
        }
        try backend.scan(index, from: from, to: to, reverse: reverse) { key, value in
            while goesOn, position < buffered.count {
                let order = compare(buffer.key(at: buffered[position]), key)
                if reverse ? order < 0 : order > 0 { break }
                try emitBuffered()
                if order == 0 { return goesOn }
            }
            if goesOn { goesOn = try body(Array(key), Array(value)) }
            return goesOn
        }
        while goesOn, position < buffered.count { try emitBuffered() }
    }

    func changes() -> StoreChanges {
        StoreChanges(store: index, buffer: buffer, order: buffer.sortedOrder())
    }

    func clear() {
        buffer.clear()
        cachedHeaders.removeAll()
        deletionTimestamps.removeAll()
    }
}
