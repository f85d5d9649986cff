/// Puts versions into a versioned store and finds them, as bytes; the typed store and the restore share it.
final class VersionedBytesStore {
    /// A version as found; the bytes are the store's and valid until its next call.
    struct Version {
        var validFrom: Int64
        /// `Int64.max` for the latest.
        var validTo: Int64
        /// Nil for a deletion.
        var value: [UInt8]?
        var group: Int64
    }

    let bytes: KeyValueBytesStore
    private let physical = ByteWriter()
    private let valueWriter = ByteWriter()

    init(_ bytes: KeyValueBytesStore) {
        self.bytes = bytes
    }

    /// The latest version that is no deletion.
    func latest(_ key: UnsafeRawBufferPointer) throws -> (validFrom: Int64, value: UnsafeRawBufferPointer)? {
        guard let stored = try storedLatest(key) else { return nil }
        return (TimestampedValue.timestamp(of: stored).rawValue, TimestampedValue.plain(stored))
    }

    /// The latest version that is no deletion, as stored: its time and its value.
    func storedLatest(_ key: UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer? {
        physical.clear()
        physical.append(VersionedLayout.latestTag)
        physical.append(contentsOf: key)
        return try physical.withUnsafeBytes { try bytes.value(of: $0) }
    }

    /// The version that was the current one at a time; nil also where that is longer ago than the history goes.
    func version(of key: UnsafeRawBufferPointer, asOf time: Int64) throws -> Version? {
        let latest = try latest(key)
        if let latest, latest.validFrom <= time {
            return Version(validFrom: latest.validFrom, validTo: .max, value: Array(latest.value), group: -1)
        }
        let state = try bytes.loadedSegmentState()
        if time < state.latest - state.segments.retention { return nil }
        return try covering(key, time, hasLatest: latest != nil, state)
    }

    /// The versions that held at any time of a span, both ends included, by their beginnings; without what the history has left.
    func versions(of key: UnsafeRawBufferPointer, from: Int64, to: Int64) throws -> [Version] {
        if from > to { return [] }
        let latest = try latest(key).map {
            Version(validFrom: $0.validFrom, validTo: .max, value: Array($0.value), group: -1)
        }
        let state = try bytes.loadedSegmentState()
        let earliest = max(from, state.latest - state.segments.retention)
        var found: [Version] = []
        if earliest <= to {
            // A version lies in the group of its end, so none that holds at `earliest` or later is in an earlier one.
            var group = state.segments.group(of: earliest)
            let last = state.segments.group(of: state.latest)
            while group <= last {
                try scan(key, group, from: 0, to: to, reverse: false) { version in
                    if version.validTo > earliest { found.append(version) }
                    return true
                }
                group += 1
            }
        }
        if let latest, latest.validFrom <= to { found.append(latest) }
        return found.sorted { $0.validFrom < $1.validFrom }
    }

    /// Puts a version, nil for a deletion; returns when the next one begins, or nil if it has expired.
    func put(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?, at time: Int64) throws -> Int64? {
        let state = try bytes.loadedSegmentState()
        if time < state.latest - state.segments.retention { return nil }
        state.observe(time)
        log(key, value, time)
        let segments = state.segments
        if let latest = try latest(key) {
            if time >= latest.validFrom {
                if time > latest.validFrom {
                    let old = Array(latest.value)
                    old.withUnsafeBytes { setHistory(key, latest.validFrom, time, $0, segments.group(of: time)) }
                }
                setLatest(key, value, time, segments)
                return .max
            }
            return try insert(key, value, time, before: latest.validFrom, state)
        }
        return try insert(key, value, time, before: .max, state)
    }

    /// Puts a version that is not later than the latest one that is no deletion.
    private func insert(
        _ key: UnsafeRawBufferPointer,
        _ value: UnsafeRawBufferPointer?,
        _ time: Int64,
        before next: Int64,
        _ state: SegmentState
    ) throws -> Int64 {
        let segments = state.segments
        if let old = try covering(key, time, hasLatest: next != .max, state) {
            // Its beginning stays, its end is the new version's.
            removeHistory(key, old.validFrom, old.group)
            if old.validFrom < time {
                (old.value ?? []).withUnsafeBytes {
                    setHistory(key, old.validFrom, time, old.value == nil ? nil : $0, segments.group(of: time))
                }
            }
            return set(key, value, time, old.validTo, segments)
        }
        return set(key, value, time, min(next, try following(key, time, state)), segments)
    }

    private func set(
        _ key: UnsafeRawBufferPointer,
        _ value: UnsafeRawBufferPointer?,
        _ time: Int64,
        _ validTo: Int64,
        _ segments: Segments
    ) -> Int64 {
        if validTo == .max {
            setLatest(key, value, time, segments)
        } else {
            setHistory(key, time, validTo, value, segments.group(of: validTo))
        }
        return validTo
    }

    // MARK: Finding

    /// The version of the history that holds at a time.
    private func covering(
        _ key: UnsafeRawBufferPointer,
        _ time: Int64,
        hasLatest: Bool,
        _ state: SegmentState
    ) throws -> Version? {
        // A deletion without an end lies in the group of its beginning; there is none where there is a latest version.
        var group = state.segments.group(of: hasLatest ? time : state.latest - state.segments.retention)
        let last = state.segments.group(of: state.latest)
        var found: Version?
        while found == nil, group <= last {
            try scan(key, group, from: 0, to: time, reverse: true) { version in
                if version.validTo > time { found = version }
                return false
            }
            group += 1
        }
        return found
    }

    /// When the first version after a time begins that nothing covers; `Int64.max` if there is none.
    private func following(_ key: UnsafeRawBufferPointer, _ time: Int64, _ state: SegmentState) throws -> Int64 {
        var next = Int64.max
        var group = state.segments.group(of: time)
        let last = state.segments.group(of: state.latest)
        while group <= last {
            try scan(key, group, from: time, to: .max, reverse: false) { version in
                next = min(next, version.validFrom)
                return false
            }
            group += 1
        }
        return next
    }

    private func scan(
        _ key: UnsafeRawBufferPointer,
        _ group: Int64,
        from: Int64,
        to: Int64,
        reverse: Bool,
        _ body: (Version) throws -> Bool
    ) throws {
        let first = ByteWriter()
        let last = ByteWriter()
        VersionedLayout.appendHistoryKey(group: group, key: key, validFrom: from, to: first)
        VersionedLayout.appendHistoryKey(group: group, key: key, validFrom: to, to: last)
        try bytes.scan(from: first.bytes, to: last.bytes, reverse: reverse) { found, stored in
            guard found.count == key.count + 17, stored.count >= 9,
                equal(key, .init(rebasing: found[9..<(9 + key.count)]))
            else { return true }
            let validFrom = found.loadUnaligned(fromByteOffset: found.count - 8, as: Int64.self)
            let validTo = stored.loadUnaligned(as: Int64.self)
            return try body(
                Version(
                    validFrom: Int64(bigEndian: validFrom),
                    validTo: Int64(bigEndian: validTo),
                    value: stored[8] == 1 ? Array(stored.dropFirst(9)) : nil,
                    group: group
                )
            )
        }
    }

    // MARK: Writing

    private func setLatest(
        _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?, _ time: Int64, _ segments: Segments
    ) {
        physical.clear()
        physical.append(VersionedLayout.latestTag)
        physical.append(contentsOf: key)
        guard let value else {
            physical.withUnsafeBytes { bytes.set($0, nil, timestamp: Timestamp(rawValue: time)) }
            setHistory(key, time, .max, nil, segments.group(of: time))
            return
        }
        valueWriter.clear()
        valueWriter.append(bigEndian: time)
        valueWriter.append(contentsOf: value)
        physical.withUnsafeBytes { key in
            valueWriter.withUnsafeBytes { bytes.set(key, $0, timestamp: Timestamp(rawValue: time)) }
        }
    }

    private func setHistory(
        _ key: UnsafeRawBufferPointer,
        _ validFrom: Int64,
        _ validTo: Int64,
        _ value: UnsafeRawBufferPointer?,
        _ group: Int64
    ) {
        physical.clear()
        VersionedLayout.appendHistoryKey(group: group, key: key, validFrom: validFrom, to: physical)
        valueWriter.clear()
        valueWriter.append(bigEndian: validTo)
        valueWriter.append(value == nil ? 0 : 1)
        if let value { valueWriter.append(contentsOf: value) }
        physical.withUnsafeBytes { key in
            valueWriter.withUnsafeBytes { bytes.set(key, $0, timestamp: Timestamp(rawValue: validFrom)) }
        }
    }

    private func removeHistory(_ key: UnsafeRawBufferPointer, _ validFrom: Int64, _ group: Int64) {
        physical.clear()
        VersionedLayout.appendHistoryKey(group: group, key: key, validFrom: validFrom, to: physical)
        physical.withUnsafeBytes { bytes.set($0, nil, timestamp: Timestamp(rawValue: validFrom)) }
    }

    /// Notes a put for the changelog, which has a record for each (key and time; the last of one time wins).
    private func log(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?, _ time: Int64) {
        guard let puts = bytes.puts, bytes.definition.isLogged else { return }
        physical.clear()
        physical.append(contentsOf: key)
        physical.append(bigEndian: time)
        valueWriter.clear()
        valueWriter.append(value == nil ? 0 : 1)
        if let value { valueWriter.append(contentsOf: value) }
        physical.withUnsafeBytes { key in
            valueWriter.withUnsafeBytes { _ = puts.set(key, $0) }
        }
    }
}
