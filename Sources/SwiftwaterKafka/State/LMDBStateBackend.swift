internal import Foundation
package import LMDB
package import Swiftwater

/// A task's stores in one LMDB environment: a named database a store, and one for the offsets that are committed with them.
///
/// The task's thread keeps one snapshot open from commit to commit and reads in it; a commit is one write transaction in
/// key order. Queries take snapshots of their own (`snapshots`), on any thread.
package final class LMDBStateBackend: StateBackend {
    package let task: String
    package let stores: [String]
    /// What was found on disk.
    package let origin: StateOrigin
    /// When anything was written to what was found on disk; nil if nothing was.
    package let lastWritten: Timestamp?

    private let directory: StateDirectory
    private let path: String
    private let environment: Environment
    private let databases: [Database]
    private let metadata: Database
    private let room: UnsafeMutableRawBufferPointer
    /// Nil once closed.
    private var own: OwnSnapshot?
    private var recorded: TaskCheckpoint
    private var mark: StateMark
    private var isClosed = false

    init(_ directory: StateDirectory, task: String, stores: [String], changelogs: String) throws {
        let path = directory.directory(of: task)
        let options = directory.options
        let current = try StateMark(
            options.sync == .everyCommit ? .durable : .unflushed, directory: directory.path, changelogs: changelogs)
        let objection = try Self.objection(to: path, current)
        if objection != nil { try directory.discard(task) }
        let isThere = FileManager.default.fileExists(atPath: "\(path)/data.mdb")
        let written = isThere ? try FileStatus("\(path)/data.mdb").modified : nil
        var origin = objection.map { StateOrigin.discarded($0) } ?? (isThere ? .kept : .new)
        let opened: Opened
        do throws(StreamsError) {
            opened = try Self.open(directory, task, stores, current)
        } catch {
            guard let cause = error.cause as? LMDBError, cause.isForeignOrDamaged, isThere else { throw error }
            try directory.discard(task)
            opened = try Self.open(directory, task, stores, current)
            origin = .discarded(.damaged("\(cause)"))
        }
        self.origin = origin
        lastWritten = origin == .kept ? written.map { Timestamp(milliseconds: $0) } : nil
        guard opened.applicationID == directory.applicationID else {
            throw StreamsError(
                .stateDirectory,
                "\(path) holds a task of application '\(opened.applicationID)': set another state directory",
                at: .init(task: task)
            )
        }
        self.task = task
        self.stores = stores
        self.directory = directory
        self.path = path
        environment = opened.environment
        databases = opened.databases
        metadata = opened.metadata
        mark = current
        do throws(LMDBError) {
            let snapshot = try OwnSnapshot(
                opened.environment, task: task, stores: stores, databases: opened.databases)
            recorded = try CheckpointRecords.read(snapshot.transaction, opened.metadata, stores: stores)
            own = snapshot
        } catch {
            throw StreamsError.state("reading the checkpoint", task: task, error)
        }
        room = .allocate(byteCount: StoreKey.capacity, alignment: 8)
    }

    deinit {
        room.deallocate()
        if !isClosed { directory.release(task) }
    }

    // MARK: Reading

    package func value(of key: UnsafeRawBufferPointer, in store: Int) throws -> UnsafeRawBufferPointer? {
        try opened("reading", store).value(of: key, in: store)
    }

    package func scan(
        _ store: Int,
        from: [UInt8]?,
        to: [UInt8]?,
        reverse: Bool,
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        try opened("scanning", store).scan(store, from: from, to: to, reverse: reverse, body)
    }

    package func approximateCount(of store: Int) throws -> Int {
        try opened("counting", store).approximateCount(of: store)
    }

    package func checkpoint() throws -> TaskCheckpoint { recorded }

    /// The snapshots that queries hold.
    package let openViews = OpenViews()

    /// Snapshots for queries on other threads; they outlive the closing of the task if they must.
    package var snapshots: SnapshotSource {
        SnapshotSource(
            environment, task: task, stores: stores, databases: databases, metadata: metadata, views: openViews)
    }

    /// Whether the deletions of a store may have been compacted away from its topic since anything was written here.
    func isOutdated(_ store: StoreDefinition, at now: Timestamp) -> Bool {
        guard let lastWritten else { return false }
        return now.milliseconds - lastWritten.milliseconds >= store.deletionRetention
    }

    /// How full the task's environment is.
    package func statistics() throws -> EnvironmentStatistics {
        do throws(LMDBError) {
            return try environment.statistics()
        } catch {
            throw failure("asking for statistics", nil, error)
        }
    }

    /// Pages of each store.
    package func pages() throws -> [Int] {
        do throws(LMDBError) {
            let snapshot = try reading()
            var pages: [Int] = []
            for database in databases { pages.append(try snapshot.transaction.statistics(of: database).pages) }
            return pages
        } catch {
            throw failure("asking for statistics", nil, error)
        }
    }

    // MARK: Writing

    /// Writes the changes of all stores and what moved in the checkpoint; also the bulk path of a restore, which appends to an empty store.
    ///
    /// On an error nothing of it is written, and it may be tried again.
    package func commit(_ changes: [StoreChanges], checkpoint: TaskCheckpoint) throws {
        do throws(LMDBError) {
            let snapshot = try reading()
            var estimate = PageEstimate(pageSize: environment.pageSize)
            for change in changes {
                estimate.add(change, to: try snapshot.transaction.statistics(of: databases[change.store]))
            }
            snapshot.rest()
            try guardDisk(estimate.pages)
            var pages = estimate.pages
            while true {
                try environment.ensureRoom(forPages: pages, waitingAtMost: directory.options.patience)
                do throws(LMDBError) {
                    try write(changes, checkpoint)
                    break
                } catch  where error.code == .mapFull {
                    // The estimate was short; the transaction is gone and nothing of it written.
                    pages *= 2
                }
            }
        } catch {
            throw failure("committing", nil, error)
        }
        recorded.changelogOffsets.merge(checkpoint.changelogOffsets) { $1 }
        recorded.inputOffsets.merge(checkpoint.inputOffsets) { $1 }
    }

    /// Empties stores and forgets how far they and some inputs had come, in one transaction: they are filled from the beginning.
    package func removeAll(in emptied: [Int], forgetting inputs: [TopicPartition] = []) throws {
        do throws(LMDBError) {
            try reading().rest()
            try environment.ensureRoom(forPages: 256, waitingAtMost: directory.options.patience)
            let keys =
                emptied.map { CheckpointRecords.changelogKey(stores[$0]) }
                + inputs.map { CheckpointRecords.inputKey($0) }
            try environment.write { transaction throws(LMDBError) in
                for store in emptied { try transaction.removeAll(in: databases[store]) }
                for key in keys { try transaction.remove(key.span.bytes, in: metadata) }
            }
        } catch {
            throw failure("emptying", emptied.first, error)
        }
        for store in emptied { recorded.changelogOffsets[store] = nil }
        for input in inputs { recorded.inputOffsets[input] = nil }
    }

    /// Flushes everything to disk, closes the files and marks them clean.
    ///
    /// A backend that is dropped without it keeps its last commit too, unless the machine stops before the kernel has written it.
    package func close() throws {
        guard !isClosed else { return }
        isClosed = true
        defer { directory.release(task) }
        own = nil
        do throws(LMDBError) {
            try environment.sync()
            do throws(LMDBError) {
                try environment.close(waitingAtMost: directory.options.patience)
            } catch  where error.code == .transactionsInTheWay {
                // A query still reads; the files are closed when it ends and nobody writes any more.
            }
        } catch {
            throw failure("closing", nil, error)
        }
        if mark.condition == .unflushed { mark.condition = .clean }
        try mark.write(in: path)
    }

    // MARK: Inside

    private func reading() throws(LMDBError) -> OwnSnapshot {
        guard let own else { throw LMDBError(.closed, "reading", path: path) }
        try own.freshen()
        return own
    }

    private func opened(_ doing: String, _ store: Int) throws -> OwnSnapshot {
        guard let own else { throw failure(doing, store, LMDBError(.closed, "reading", path: path)) }
        return own
    }

    private func write(_ changes: [StoreChanges], _ checkpoint: TaskCheckpoint) throws(LMDBError) {
        var transaction = try environment.write()
        for change in changes where change.count > 0 {
            let database = databases[change.store]
            let isEmpty = try transaction.statistics(of: database).entries == 0
            var cursor = try transaction.writeCursor(in: database)
            for position in 0..<change.count {
                let (key, value) = change[position]
                let encoded = UnsafeRawBufferPointer(rebasing: room[..<StoreKey.encode(key, into: room)])
                if StoreKey.isLong(key) {
                    try Self.write(long: key, value, at: encoded, &cursor, environment.path)
                } else if let value {
                    try cursor.put(encoded.bytes, value.bytes, isEmpty ? .append : .upsert)
                } else if !isEmpty {
                    try cursor.remove(encoded.bytes)
                }
            }
            if let floor = change.floor { try removeAll(below: floor, &cursor) }
        }
        for (store, offset) in checkpoint.changelogOffsets where recorded.changelogOffsets[store] != offset {
            let (key, value) = (CheckpointRecords.changelogKey(stores[store]), CheckpointRecords.bytes(offset))
            try transaction.put(key.span.bytes, value.span.bytes, in: metadata)
        }
        for (input, offset) in checkpoint.inputOffsets where recorded.inputOffsets[input] != offset {
            let (key, value) = (CheckpointRecords.inputKey(input), CheckpointRecords.bytes(offset))
            try transaction.put(key.span.bytes, value.span.bytes, in: metadata)
        }
        try transaction.commit()
    }

    /// Removes what has expired: all of it stands at the beginning of the store.
    private func removeAll(below floor: [UInt8], _ cursor: inout WriteCursor) throws(LMDBError) {
        let end = UnsafeRawBufferPointer(
            rebasing: room[..<floor.withUnsafeBytes { StoreKey.encodePrefix($0, into: room) }])
        let first: [UInt8] = [0]
        while try cursor.seek(first.span.bytes), compare(cursor.key.withUnsafeBytes({ $0 }), end) < 0 {
            try cursor.removeCurrent()
        }
    }

    private static func write(
        long key: UnsafeRawBufferPointer,
        _ value: UnsafeRawBufferPointer?,
        at encoded: UnsafeRawBufferPointer,
        _ cursor: inout WriteCursor,
        _ path: String
    ) throws(LMDBError) {
        var stored = UnsafeRawBufferPointer(start: nil, count: 0)
        if try cursor.seek(encoded.bytes), equal(cursor.key.withUnsafeBytes({ $0 }), encoded) {
            stored = cursor.value.withUnsafeBytes { $0 }
        }
        guard let keys = LongKeys(stored) else {
            throw LMDBError(.corrupted, "reading a long key", path: path)
        }
        let bytes = keys.bytes(changing: key, to: value)
        if !bytes.isEmpty {
            try cursor.put(encoded.bytes, bytes.span.bytes)
        } else if !stored.isEmpty {
            try cursor.remove(encoded.bytes)
        }
    }

    /// Acts before the disk is full: a commit that fits is better than one that fails half written.
    private func guardDisk(_ pages: Int) throws(LMDBError) {
        let least = directory.options.minimumFreeBytes
        // Asked of the file system at each commit, which takes a microsecond.
        guard least > 0, let free = try? FileStatus.freeBytes(at: path) else { return }
        guard free >= least else {
            throw LMDBError(
                .diskFull, "committing \(pages) pages with \(free) bytes left, \(least) is the least allowed",
                path: path)
        }
    }

    private func failure(_ doing: String, _ store: Int?, _ error: LMDBError) -> StreamsError {
        StreamsError.state(doing, task: task, store: store.map { stores[$0] }, error)
    }

    private static func objection(to path: String, _ current: StateMark) throws -> StateOrigin.Reason? {
        guard FileManager.default.fileExists(atPath: "\(path)/data.mdb") else { return nil }
        guard let mark = StateMark.read(in: path) else { return .unmarked }
        return mark.objection(from: current)
    }

    private static func open(
        _ directory: StateDirectory,
        _ task: String,
        _ stores: [String],
        _ mark: StateMark
    ) throws(StreamsError) -> Opened {
        let path = directory.directory(of: task)
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            // On disk before anything is written that is not flushed; not written again where it stands, on a disk that may be full.
            if StateMark.read(in: path) != mark { try mark.write(in: path) }
        } catch let error as StreamsError {
            throw error
        } catch {
            throw StreamsError(.stateDirectory, "cannot make \(path)", at: .init(task: task), cause: error)
        }
        do throws(LMDBError) {
            return try Opened(path, directory.applicationID, stores, directory.options)
        } catch {
            throw StreamsError.state("opening the stores", task: task, error)
        }
    }

    /// An environment with its databases.
    private struct Opened {
        let environment: Environment
        let databases: [Database]
        let metadata: Database
        let applicationID: String

        init(_ path: String, _ applicationID: String, _ stores: [String], _ options: StateOptions) throws(LMDBError) {
            environment = try Environment(
                path: path,
                options: EnvironmentOptions(
                    mapSize: options.mapSize,
                    maximumDatabases: stores.count + 1,
                    maximumReaders: options.maximumReaders,
                    skipsSync: options.sync == .whenClosed
                )
            )
            try environment.clearDeadReaders()
            try environment.ensureRoom(forPages: 64)
            // A name of ours cannot be a store's: stores stand behind a prefix.
            let names = [CheckpointRecords.database] + stores.map { "store.\($0)" }
            let opened = try environment.openDatabases(names)
            metadata = opened[0]
            databases = Array(opened.dropFirst())
            let key = CheckpointRecords.descriptionKey("application")
            self.applicationID = try environment.write { [metadata] transaction throws(LMDBError) in
                if let found = try transaction.get(key.span.bytes, in: metadata) {
                    return found.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
                }
                let value = Array(applicationID.utf8)
                try transaction.put(key.span.bytes, value.span.bytes, in: metadata)
                return applicationID
            }
        }
    }
}
