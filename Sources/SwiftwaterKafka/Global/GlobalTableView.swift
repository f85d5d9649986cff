internal import LMDB
internal import Swiftwater

/// The global stores as one stream thread reads them, in a snapshot that it renews at the first lookup of a turn.
///
/// So a lookup takes no lock and copies nothing, and a turn (about 20 ms of records) sees one commit. Between turns the snapshot rests:
/// the global thread can let the map grow and use freed pages again.
final class GlobalTableView: StateReading {
    private let source: SnapshotSource
    private var snapshot: OwnSnapshot?

    init(_ source: SnapshotSource) {
        self.source = source
    }

    func value(of key: UnsafeRawBufferPointer, in store: Int) throws -> UnsafeRawBufferPointer? {
        try reading().value(of: key, in: store)
    }

    func scan(
        _ store: Int,
        from: [UInt8]?,
        to: [UInt8]?,
        reverse: Bool,
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        try reading().scan(store, from: from, to: to, reverse: reverse, body)
    }

    func approximateCount(of store: Int) throws -> Int {
        try reading().approximateCount(of: store)
    }

    /// Gives the snapshot up until the next lookup.
    func rest() {
        snapshot?.rest()
    }

    private func reading() throws -> OwnSnapshot {
        if let snapshot { return snapshot }
        let first = try source.own()
        snapshot = first
        return first
    }
}
