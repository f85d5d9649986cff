internal import CLMDB
internal import Glibc
internal import Synchronization

/// An open LMDB environment: a directory with `data.mdb` and `lock.mdb`, its memory map and who may move it.
///
/// Always MDB_NOTLS: read transactions belong to whoever holds them instead of to a thread, and a process is not limited to 1,023
/// environments. Never MDB_WRITEMAP: with it a full disk is a SIGBUS, without it an error.
@safe
package final class Environment: Sendable {
    /// The longest key LMDB stores; longer ones, and the empty one, are `badValueSize`.
    package static let maximumKeySize = 511

    package let path: String
    package let options: EnvironmentOptions
    package let pageSize: Int

    // C may use it from all threads; it is freed once, behind the gate.
    nonisolated(unsafe) let handle: OpaquePointer
    private let identity: OpenEnvironments.Identity
    private let gate = MapGate()
    private let writer = Atomic<UInt>(0)
    private let currentMapSize: Atomic<Int>
    private let isFreed = Atomic<Bool>(false)
    private let isBroken = Atomic<Bool>(false)

    /// Opens the environment in an existing directory, or makes it.
    ///
    /// - Throws: `invalidFile` for a file of another kind, `versionMismatch` for one of another LMDB, `corrupted` for one that was
    ///   cut off, `alreadyOpen` when this process has it open.
    package init(path: String, options: EnvironmentOptions = EnvironmentOptions()) throws(LMDBError) {
        identity = try OpenEnvironments.claim(path)
        var claimed: OpaquePointer?
        do throws(LMDBError) {
            unsafe claimed = try Self.open(path, options)
            guard let opened = unsafe claimed else {
                throw LMDBError(.outOfMemory, "creating the environment", path: path)
            }
            unsafe try Self.repairLength(opened, path)
            unsafe handle = opened
        } catch {
            if let opened = unsafe claimed { unsafe mdb_env_close(opened) }
            OpenEnvironments.release(identity)
            throw error
        }
        self.path = path
        self.options = options
        var state = unsafe MDB_envinfo()
        unsafe mdb_env_info(handle, &state)
        currentMapSize = unsafe Atomic(state.me_mapsize)
        var tree = MDB_stat()
        unsafe mdb_env_stat(handle, &tree)
        pageSize = Int(tree.ms_psize)
    }

    deinit {
        free()
    }

    // MARK: Transactions

    /// A snapshot of what is committed now; waits while the map is being moved.
    package func read() throws(LMDBError) -> ReadTransaction {
        try ReadTransaction(self)
    }

    /// The one write transaction; waits for another thread's.
    package func write() throws(LMDBError) -> WriteTransaction {
        try WriteTransaction(self)
    }

    /// Runs `body` in a write transaction and commits it; an error drops it.
    @discardableResult
    package func write<Result>(
        _ body: (inout WriteTransaction) throws(LMDBError) -> Result
    ) throws(LMDBError) -> Result {
        var transaction = try write()
        let result = try body(&transaction)
        try transaction.commit()
        return result
    }

    /// Opens named databases, in one transaction, creating those that are missing.
    package func openDatabases(_ names: [String]) throws(LMDBError) -> [Database] {
        try write { transaction throws(LMDBError) in
            var databases: [Database] = []
            for name in names {
                databases.append(try transaction.open(name, creating: true))
            }
            return databases
        }
    }

    /// Opens a named database, creating it when it is missing.
    package func openDatabase(_ name: String) throws(LMDBError) -> Database {
        try write { transaction throws(LMDBError) in try transaction.open(name, creating: true) }
    }

    /// Opens a named database; nil when there is none.
    package func openExistingDatabase(_ name: String) throws(LMDBError) -> Database? {
        do throws(LMDBError) {
            return try write { transaction throws(LMDBError) in try transaction.open(name, creating: false) }
        } catch  where error.code == .notFound {
            return nil
        }
    }

    /// Names of all databases, whether open or not.
    package func databaseNames() throws(LMDBError) -> [String] {
        var transaction = try write()
        let directory = try transaction.openDirectory()
        var names: [String] = []
        var cursor = try transaction.cursor(in: directory)
        while try cursor.next() {
            names.append(unsafe cursor.key.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) })
        }
        return names
    }

    // MARK: The map

    /// Bytes of address space.
    package var mapSize: Int { currentMapSize.load(ordering: .acquiring) }

    /// Pages above the highest one in use: what a transaction can surely have, whatever old readers keep.
    package func untouchedPages() throws(LMDBError) -> Int {
        try enter("counting untouched pages")
        defer { leave() }
        let state = unsafe information()
        return unsafe state.me_mapsize / pageSize - state.me_last_pgno - 1
    }

    /// Makes the map large enough for a transaction of `pages` pages, doubling it as often as needed.
    ///
    /// Called between transactions: the map moves only when none is open, on any thread. Without it `mapFull` ends the transaction.
    package func ensureRoom(forPages pages: Int, waitingAtMost limit: Duration = .seconds(10)) throws(LMDBError) {
        let untouched = try untouchedPages()
        guard untouched < pages else { return }
        let missing = (pages - untouched) * pageSize
        var size = mapSize
        while size - mapSize < missing {
            let (doubled, overflow) = size.multipliedReportingOverflow(by: 2)
            guard !overflow else {
                throw LMDBError(.mapFull, "making room for \(pages) pages", path: path)
            }
            size = doubled
        }
        try grow(to: size, waitingAtMost: limit)
    }

    /// Moves the map to a larger one once no transaction is open; a smaller size changes nothing.
    ///
    /// The calling thread must hold no transaction of this environment: it would wait for itself until the limit is over.
    package func grow(to size: Int, waitingAtMost limit: Duration = .seconds(10)) throws(LMDBError) {
        guard size > mapSize else { return }
        let operation = "growing the map from \(mapSize) to \(size) bytes"
        let grown: Void? = try gate.alone(within: limit) { () throws(LMDBError) in
            guard !isBroken.load(ordering: .acquiring) else { throw LMDBError(.panic, operation, path: path) }
            // LMDB gives the old map up before it asks for the new one: see first that the new one can be had.
            let probe = unsafe mmap(nil, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
            guard let probe = unsafe probe, unsafe probe != MAP_FAILED else {
                throw LMDBError(.init(rawValue: errno), operation, path: path)
            }
            unsafe munmap(probe, size)
            let status = unsafe mdb_env_set_mapsize(handle, size)
            if status != MDB_SUCCESS && status != EINVAL {
                isBroken.store(true, ordering: .releasing)
            }
            try check(status, operation, path: path)
            var state = unsafe MDB_envinfo()
            unsafe mdb_env_info(handle, &state)
            unsafe currentMapSize.store(state.me_mapsize, ordering: .releasing)
        }
        guard grown != nil else { throw LMDBError(.transactionsInTheWay, operation, path: path) }
    }

    // MARK: Disk

    /// Flushes all commits to the disk, also with `skipsSync`.
    package func sync() throws(LMDBError) {
        try enter("syncing")
        defer { leave() }
        try check(unsafe mdb_env_sync(handle, 1), "syncing", path: path)
    }

    /// Copies a consistent snapshot into another, empty directory while writing goes on, without free pages.
    package func copy(to directory: String) throws(LMDBError) {
        let operation = "copying to \(directory)"
        try enter(operation)
        defer { leave() }
        try check(unsafe mdb_env_copy2(handle, directory, UInt32(MDB_CP_COMPACT)), operation, path: path)
    }

    /// Refuses new transactions, waits for the open ones and closes the files.
    ///
    /// - Throws: `transactionsInTheWay` when they were not over in time; the files are closed when the last of them ends.
    package func close(waitingAtMost limit: Duration = .seconds(10)) throws(LMDBError) {
        guard gate.close(within: limit) else {
            throw LMDBError(.transactionsInTheWay, "closing", path: path)
        }
        free()
    }

    // MARK: Readers and statistics

    /// Frees the reader slots of processes that died; returns how many.
    @discardableResult
    package func clearDeadReaders() throws(LMDBError) -> Int {
        try enter("clearing dead readers")
        defer { leave() }
        var dead: CInt = 0
        try check(unsafe mdb_reader_check(handle, &dead), "clearing dead readers", path: path)
        return Int(dead)
    }

    /// How full the environment is; reads the whole list of free pages.
    package func statistics() throws(LMDBError) -> EnvironmentStatistics {
        let transaction = try read()
        let state = unsafe information()
        let last = unsafe state.me_last_txnid
        let lags = unsafe ReaderTable.numbers(handle).map { UInt64(max(0, last - $0)) }
        return unsafe EnvironmentStatistics(
            mapSize: state.me_mapsize,
            pageSize: pageSize,
            usedPages: state.me_last_pgno + 1,
            freePages: try FreeList.pages(transaction).count,
            lastTransaction: UInt64(last),
            maximumReaders: Int(state.me_maxreaders),
            // The transaction that asks is a reader itself.
            readers: lags.count - 1,
            oldestReaderLag: lags.max() ?? 0
        )
    }

    // MARK: For transactions

    func enter(_ operation: @autoclosure () -> String) throws(LMDBError) {
        guard gate.enter() else { throw LMDBError(.closed, operation(), path: path) }
        guard !isBroken.load(ordering: .acquiring) else {
            gate.leave()
            throw LMDBError(.panic, operation(), path: path)
        }
    }

    func leave() {
        gate.leave()
    }

    /// Takes a hold to tidy up; false when the environment is closed.
    func reenter() -> Bool {
        gate.enter()
    }

    func isWriting(on thread: pthread_t) -> Bool { writer.load(ordering: .relaxed) == thread }

    func startWriting(on thread: pthread_t) { writer.store(thread, ordering: .relaxed) }

    func stopWriting() { writer.store(0, ordering: .relaxed) }

    // MARK: Opening

    private static func open(_ path: String, _ options: EnvironmentOptions) throws(LMDBError) -> OpaquePointer? {
        var created: OpaquePointer?
        try check(unsafe mdb_env_create(&created), "creating the environment", path: path)
        do throws(LMDBError) {
            try check(
                unsafe mdb_env_set_mapsize(created, options.mapSize), "setting the map to \(options.mapSize) bytes",
                path: path)
            try check(
                unsafe mdb_env_set_maxdbs(created, UInt32(clamping: options.maximumDatabases)),
                "allowing \(options.maximumDatabases) databases", path: path)
            try check(
                unsafe mdb_env_set_maxreaders(created, UInt32(clamping: options.maximumReaders)),
                "allowing \(options.maximumReaders) readers", path: path)
            var flags = UInt32(MDB_NOTLS)
            if options.skipsSync { flags |= UInt32(MDB_NOSYNC) }
            try check(
                unsafe mdb_env_open(created, path, flags, options.fileMode), "opening the environment", path: path)
        } catch {
            unsafe mdb_env_close(created)
            throw error
        }
        return unsafe created
    }

    /// A file that ends before its last page is a SIGBUS when that page is read.
    ///
    /// The last pages may be missing rightly, when a transaction took and freed them: then they are in the free list. Anything else was cut off.
    private static func repairLength(_ handle: OpaquePointer, _ path: String) throws(LMDBError) {
        var state = unsafe MDB_envinfo()
        unsafe mdb_env_info(handle, &state)
        var tree = MDB_stat()
        unsafe mdb_env_stat(handle, &tree)
        var descriptor: CInt = -1
        try check(unsafe mdb_env_get_fd(handle, &descriptor), "asking for the file", path: path)
        var file = stat()
        guard unsafe fstat(descriptor, &file) == 0 else {
            throw LMDBError(.init(rawValue: errno), "asking for the file's length", path: path)
        }
        let pageSize = Int(tree.ms_psize)
        let present = Int(file.st_size) / pageSize
        let expected = unsafe state.me_last_pgno + 1
        guard present < expected else { return }
        guard ftruncate(descriptor, off_t(expected * pageSize)) == 0 else {
            throw LMDBError(.init(rawValue: errno), "filling the file up to \(expected) pages", path: path)
        }
        var free = Set<Int>()
        do throws(LMDBError) {
            free = Set(unsafe try FreeList.pages(environment: handle, path))
        } catch {
            // Not left longer than it was: the next one to look must see what we saw.
            ftruncate(descriptor, file.st_size)
            throw LMDBError(.corrupted, "opening a file cut off at \(present) of \(expected) pages", path: path)
        }
        guard (present..<expected).allSatisfy(free.contains) else {
            ftruncate(descriptor, file.st_size)
            throw LMDBError(.corrupted, "opening a file cut off at \(present) of \(expected) pages", path: path)
        }
    }

    private func information() -> MDB_envinfo {
        var state = unsafe MDB_envinfo()
        unsafe mdb_env_info(handle, &state)
        return unsafe state
    }

    private func free() {
        guard isFreed.exchange(true, ordering: .acquiringAndReleasing) == false else { return }
        unsafe mdb_env_close(handle)
        OpenEnvironments.release(identity)
    }
}
