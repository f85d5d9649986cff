/// Turns the records of a changelog back into a store's entries; the runtime feeds it and commits what it gives.
///
/// # Contract
/// - Records come in the order of the changelog, from where the store's last commit stands on.
/// - `changes` are committed before `clear`.
package final class ChangelogReplay {
    private let store: KeyValueBytesStore
    private let versions: VersionedBytesStore
    private let key = ByteWriter()
    private let value = ByteWriter()

    package init(_ definition: StoreDefinition, index: Int, backend: any StateBackend) {
        store = KeyValueBytesStore(definition: definition, index: index, backend: backend)
        versions = VersionedBytesStore(store)
    }

    /// Takes a record; one that cannot be of this kind of store is an error.
    package func take(key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?, timestamp: Timestamp) throws {
        switch store.definition.kind {
        case .keyValue, .timestampedKeyValue: set(key, value, timestamp)
        case .window, .timestampedWindow: try takeWindowed(key, value, timestamp, timeFromEnd: 12)
        case .session: try takeWindowed(key, value, timestamp, timeFromEnd: 16)
        case .versioned:
            // S-95: what would be late by the end of the tail was not when it was put.
            _ = try versions.put(key, value, at: timestamp.rawValue)
            store.puts?.clear()
        case .suppression: try takeSuppressed(key, value)
        }
    }

    private func takeWindowed(
        _ plain: UnsafeRawBufferPointer,
        _ value: UnsafeRawBufferPointer?,
        _ timestamp: Timestamp,
        timeFromEnd: Int
    ) throws {
        guard plain.count >= timeFromEnd else { throw damaged("a key of \(plain.count) bytes") }
        let bytes = plain.loadUnaligned(fromByteOffset: plain.count - timeFromEnd, as: Int64.self)
        let time = Int64(bigEndian: bytes)
        let state = try store.loadedSegmentState()
        state.observe(time)
        if case .window(_, retainsDuplicates: true) = store.definition.kind {
            let sequence = plain.loadUnaligned(fromByteOffset: plain.count - 4, as: Int32.self)
            state.observe(sequence: Int32(bigEndian: sequence))
        }
        key.clear()
        key.append(bigEndian: state.segments.group(of: time))
        key.append(contentsOf: plain)
        key.withUnsafeBytes { set($0, value, timestamp) }
    }

    private func takeSuppressed(_ plain: UnsafeRawBufferPointer, _ record: UnsafeRawBufferPointer?) throws {
        key.clear()
        key.append(SuppressionLayout.keyTag)
        key.append(contentsOf: plain)
        if let time = try key.withUnsafeBytes({ try store.value(of: $0).map(Array.init) }) {
            let queued = ByteWriter()
            time.withUnsafeBytes { SuppressionLayout.appendQueueKey(time: $0, key: plain, to: queued) }
            queued.withUnsafeBytes { store.set($0, nil, timestamp: 0) }
        }
        guard let record else {
            key.withUnsafeBytes { store.set($0, nil, timestamp: 0) }
            return
        }
        guard record.count >= 8 else { throw damaged("a held record of \(record.count) bytes") }
        let time = UnsafeRawBufferPointer(rebasing: record.suffix(8))
        let queued = ByteWriter()
        SuppressionLayout.appendQueueKey(time: time, key: plain, to: queued)
        queued.withUnsafeBytes { store.set($0, .init(rebasing: record.dropLast(8)), timestamp: 0) }
        key.withUnsafeBytes { store.set($0, time, timestamp: 0) }
    }

    private func set(_ key: UnsafeRawBufferPointer, _ plain: UnsafeRawBufferPointer?, _ timestamp: Timestamp) {
        guard let plain else { return store.set(key, nil, timestamp: timestamp) }
        value.clear()
        value.append(bigEndian: timestamp.rawValue)
        value.append(contentsOf: plain)
        value.withUnsafeBytes { store.set(key, $0, timestamp: timestamp) }
    }

    private func damaged(_ what: String) -> StreamsError {
        StreamsError(
            .stateStore,
            "the changelog holds \(what), which is none of this kind of store: was the store's kind changed under its name?",
            at: .init(store: store.definition.name)
        )
    }

    /// What the records taken so far change.
    package var changes: StoreChanges {
        store.prepareCommit()
        return store.changes()
    }

    package func clear() {
        store.clear()
    }
}
