internal import LMDB
internal import Swiftwater

/// The global tables as one stream thread reads them, in a snapshot that it renews at the first lookup of a turn.
///
/// So a lookup takes no lock and copies nothing, and a turn (about 20 ms of records) sees one commit. Between turns the snapshot rests:
/// the global thread can let the map grow and use freed pages again.
final class GlobalTableView: GlobalStoreView {
    private let source: SnapshotSource
    private var snapshot: OwnSnapshot?
    private let room: UnsafeMutableRawBufferPointer

    init(_ source: SnapshotSource) {
        self.source = source
        room = .allocate(byteCount: StoreKey.capacity, alignment: 8)
    }

    deinit {
        room.deallocate()
    }

    func value(of key: UnsafeRawBufferPointer, in store: Int) throws -> UnsafeRawBufferPointer? {
        do throws(LMDBError) {
            return try StoreReading.value(of: key, in: source.databases[store], reading().transaction, room: room)
        } catch {
            throw StreamsError.state("reading", task: source.task, store: source.stores[store], error)
        }
    }

    /// Gives the snapshot up until the next lookup.
    func rest() {
        snapshot?.rest()
    }

    private func reading() throws(LMDBError) -> OwnSnapshot {
        if let snapshot {
            try snapshot.freshen()
            return snapshot
        }
        let first = try OwnSnapshot(source.environment)
        snapshot = first
        return first
    }
}
