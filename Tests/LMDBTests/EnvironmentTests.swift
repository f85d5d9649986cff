import Glibc
import LMDB
import Testing

@Suite struct EnvironmentTests {
    let directory = TemporaryDirectory()

    @Test func `what was committed is there after closing and opening`() throws {
        let path = directory.folder("state")
        do {
            let environment = try Environment(path: path)
            let words = try environment.openDatabase("words")
            try environment.commit([("a", "1"), ("b", "2")], to: words)
            try environment.close()
        }
        let environment = try Environment(path: path)
        #expect(try environment.databaseNames() == ["words"])
        let words = try environment.openDatabase("words")
        #expect(try environment.string("b", in: words) == "2")
        #expect(try environment.openExistingDatabase("numbers") == nil)
    }

    @Test func `a directory that is not there is told with its path`() {
        let error = #expect(throws: LMDBError.self) { try Environment(path: "/nonexistent/place") }
        #expect(error?.code == .noSuchFile)
        #expect(error?.description.contains("/nonexistent/place") == true)
    }

    @Test func `a file of another kind is told`() throws {
        let path = directory.folder("foreign")
        try write(Array(repeating: 0x41, count: 20_000), to: path + "/data.mdb")
        #expect(throws: LMDBError.self) { try Environment(path: path) }
        do {
            _ = try Environment(path: path)
        } catch {
            #expect(error.code == .invalidFile)
            #expect(error.isForeignOrDamaged)
        }
        // The claim on the directory was given back.
        unlink(path + "/data.mdb")
        _ = try Environment(path: path)
    }

    @Test func `a file of another LMDB is told`() throws {
        let path = directory.folder("version")
        do { _ = try Environment(path: path) }
        // Both meta pages: magic at 16, version at 20.
        let file = open(path + "/data.mdb", O_RDWR)
        defer { close(file) }
        var version: UInt32 = 999
        for page in 0..<2 { #expect(pwrite(file, &version, 4, off_t(page * 4096 + 20)) == 4) }
        let error = #expect(throws: LMDBError.self) { try Environment(path: path) }
        #expect(error?.code == .versionMismatch)
    }

    @Test func `a file cut off is told, not a SIGBUS`() throws {
        let path = directory.folder("cut")
        do {
            let environment = try Environment(path: path)
            let words = try environment.openDatabase("words")
            try environment.commit((0..<2_000).map { ("key\($0)", String(repeating: "v", count: 100)) }, to: words)
        }
        #expect(truncate(path + "/data.mdb", 40_960) == 0)
        for _ in 0..<2 {
            let error = #expect(throws: LMDBError.self) { try Environment(path: path) }
            #expect(error?.code == .corrupted)
        }
    }

    @Test func `pages that a transaction took and freed may be missing at the end`() throws {
        let path = directory.folder("loose")
        let words: Database
        do {
            let environment = try Environment(path: path)
            words = try environment.openDatabase("words")
            try environment.commit([("keep", "me")], to: words)
            // The tail of the file is free after this, and nothing is lost when it is missing.
            try environment.commit([("long", String(repeating: "x", count: 400_000))], to: words)
            try environment.write { transaction throws(LMDBError) in try transaction.remove("long", in: words) }
            try environment.commit([("keep", "me too")], to: words)
        }
        var file = stat()
        #expect(stat(path + "/data.mdb", &file) == 0)
        #expect(truncate(path + "/data.mdb", file.st_size - 40_960) == 0)
        let environment = try Environment(path: path)
        let reopened = try environment.openDatabase("words")
        #expect(try environment.string("keep", in: reopened) == "me too")
    }

    @Test func `one process opens a directory once`() throws {
        let path = directory.folder("twice")
        let first = try Environment(path: path)
        let error = #expect(throws: LMDBError.self) { try Environment(path: path) }
        #expect(error?.code == .alreadyOpen)
        try first.close()
        _ = try Environment(path: path)
    }

    @Test func `more than 1,024 environments are open at once`() throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        try #require(limit.rlim_cur > 4_000, "needs 3 descriptors an environment")
        var environments: [Environment] = []
        for number in 0..<1_100 {
            let environment = try Environment(
                path: directory.folder("e\(number)"), options: .init(mapSize: 1 << 20, maximumDatabases: 1))
            let words = try environment.openDatabase("words")
            try environment.commit([("number", "\(number)")], to: words)
            environments.append(environment)
        }
        let words = try environments[1_099].openDatabase("words")
        #expect(try environments[1_099].string("number", in: words) == "1099")
    }

    @Test func `a hot copy is a whole environment`() throws {
        let environment = try Environment(path: directory.folder("origin"))
        let words = try environment.openDatabase("words")
        try environment.commit((0..<5_000).map { ("key\($0)", "value\($0)") }, to: words)
        let reader = try environment.read()
        let target = directory.folder("copy")
        try environment.copy(to: target)
        try environment.commit([("late", "1")], to: words)
        let copy = try Environment(path: target)
        let copied = try copy.openDatabase("words")
        #expect(try copy.string("key4999", in: copied) == "value4999")
        #expect(try copy.string("late", in: copied) == nil)
        #expect(try reader.string("key0", in: words) == "value0")
    }

    @Test func `too many databases and too many readers are told`() throws {
        let environment = try Environment(
            path: directory.folder("few"), options: .init(maximumDatabases: 1, maximumReaders: 2))
        _ = try environment.openDatabase("one")
        #expect(throws: LMDBError.self) { try environment.openDatabase("two") }
        let first = try environment.read()
        let second = try environment.read()
        do {
            _ = try environment.read()
            Issue.record("a third reader had no slot")
        } catch {
            #expect(error.code == .readersFull)
        }
        _ = (first.number, second.number)
    }

    @Test func `statistics tell pages, entries and the oldest reader`() throws {
        let environment = try Environment(path: directory.folder("figures"))
        let words = try environment.openDatabase("words")
        try environment.commit((0..<1_000).map { ("key\($0)", "value\($0)") }, to: words)
        #expect(try environment.statistics().readers == 0)
        let reader = try environment.read()
        #expect(try reader.statistics(of: words).entries == 1_000)
        #expect(try reader.statistics(of: words).depth == 2)
        for round in 0..<3 {
            try environment.commit((0..<1_000).map { ("key\($0)", "again\(round)") }, to: words)
        }
        let statistics = try environment.statistics()
        #expect(statistics.readers == 1)
        #expect(statistics.oldestReaderLag == 3)
        #expect(statistics.freePages > 0)
        #expect(statistics.usedPages > statistics.freePages)
        #expect(statistics.mapSize == 1 << 30)
        #expect(try reader.string("key7", in: words) == "value7")
    }

    @Test func `a closed environment takes no transaction`() throws {
        let environment = try Environment(path: directory.folder("closed"))
        try environment.close()
        for _ in 0..<2 {
            do {
                _ = try environment.read()
                Issue.record("read a closed environment")
            } catch {
                #expect(error.code == .closed)
            }
        }
        let error = #expect(throws: LMDBError.self) { try environment.sync() }
        #expect(error?.code == .closed)
    }

    @Test func `a resting reader outlives the closing of its environment`() throws {
        let path = directory.folder("resting")
        let environment = try Environment(path: path)
        do {
            var reader = try environment.read()
            reader.rest()
            try environment.close(waitingAtMost: .milliseconds(20))
            let error = #expect(throws: LMDBError.self) { try reader.renew() }
            #expect(error?.code == .closed)
        }
        _ = try Environment(path: path)
    }

    @Test func `closing with a reader in the way is told and done when the reader ends`() throws {
        let path = directory.folder("held")
        do {
            let environment = try Environment(path: path)
            let words = try environment.openDatabase("words")
            try environment.commit([("a", "1")], to: words)
            let reader = try environment.read()
            let error = #expect(throws: LMDBError.self) { try environment.close(waitingAtMost: .milliseconds(20)) }
            #expect(error?.code == .transactionsInTheWay)
            #expect(try reader.string("a", in: words) == "1")
        }
        _ = try Environment(path: path)
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        let file = open(path, O_CREAT | O_WRONLY, 0o644)
        defer { close(file) }
        try #require(bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) } == bytes.count)
    }
}
