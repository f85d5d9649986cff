internal import LMDB
internal import Swiftwater

/// The global stores as one stream thread reads them, in a snapshot that it renews at the first lookup of a turn.
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
            throw failure("reading", store, error)
        }
    }

    func scan(
        _ store: Int,
        from: [UInt8]?,
        to: [UInt8]?,
        reverse: Bool,
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        do {
            let snapshot = try reading()
            try StoreReading.scan(
                source.databases[store], snapshot.transaction, from: from, to: to, reverse: reverse, body)
        } catch let error as LMDBError {
            throw failure("scanning", store, error)
        }
    }

    func approximateCount(of store: Int) throws -> Int {
        do throws(LMDBError) {
            return try reading().transaction.statistics(of: source.databases[store]).entries
        } catch {
            throw failure("counting", store, error)
        }
    }

    /// Gives the snapshot up until the next lookup.
    func rest() {
        snapshot?.rest()
    }

    private func failure(_ doing: String, _ store: Int, _ error: LMDBError) -> StreamsError {
        StreamsError.state(doing, task: source.task, store: source.stores[store], error)
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
