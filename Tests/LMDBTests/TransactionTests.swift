import LMDB
import Testing

@Suite struct TransactionTests {
    let directory = TemporaryDirectory()

    @Test func `a dropped transaction leaves nothing`() throws {
        let environment = try Environment(path: directory.folder("e"))
        let words = try environment.openDatabase("words")
        do {
            var transaction = try environment.write()
            try transaction.put("a", "1", in: words)
            #expect(try transaction.string("a", in: words) == "1")
        }
        #expect(try environment.string("a", in: words) == nil)
    }

    @Test func `an error inside the closure drops the transaction`() throws {
        let environment = try Environment(path: directory.folder("e"))
        let words = try environment.openDatabase("words")
        #expect(throws: LMDBError.self) {
            try environment.write { transaction throws(LMDBError) in
                try transaction.put("a", "1", in: words)
                try transaction.put("", "empty", in: words)
            }
        }
        #expect(try environment.string("a", in: words) == nil)
    }

    @Test(arguments: [0, 512, 513, 4_000])
    func `a key of a length LMDB cannot store is a typed error and the transaction lives on`(length: Int) throws {
        let environment = try Environment(path: directory.folder("e"))
        let words = try environment.openDatabase("words")
        try environment.write { transaction throws(LMDBError) in
            do throws(LMDBError) {
                try transaction.put(String(repeating: "k", count: length), "v", in: words)
                Issue.record("a key of \(length) bytes was taken")
            } catch {
                #expect(error.code == .badValueSize)
            }
            try transaction.put(String(repeating: "k", count: 511), "longest", in: words)
        }
        #expect(try environment.string(String(repeating: "k", count: 511), in: words) == "longest")
        let error = #expect(throws: LMDBError.self) { try environment.string("", in: words) }
        #expect(error?.code == .badValueSize)
    }

    @Test func `a snapshot stays what it was, and renewing shows the present`() throws {
        let environment = try Environment(path: directory.folder("e"))
        let words = try environment.openDatabase("words")
        try environment.commit([("a", "1")], to: words)
        var reader = try environment.read()
        try environment.commit([("a", "2")], to: words)
        #expect(try reader.string("a", in: words) == "1")
        try reader.renew()
        #expect(try reader.string("a", in: words) == "2")
        reader.rest()
        try environment.commit([("a", "3")], to: words)
        try reader.renew()
        #expect(try reader.string("a", in: words) == "3")
    }

    @Test func `insert and append refuse a key that is there`() throws {
        let environment = try Environment(path: directory.folder("e"))
        let words = try environment.openDatabase("words")
        try environment.commit([("b", "1")], to: words)
        for (key, mode) in [("b", WriteMode.insert), ("a", .append), ("b", .append)] {
            try environment.write { transaction throws(LMDBError) in
                do throws(LMDBError) {
                    try transaction.put(key, "2", in: words, mode)
                    Issue.record("\(mode) took \(key)")
                } catch {
                    #expect(error.code == .keyExists)
                }
            }
        }
        #expect(try environment.string("b", in: words) == "1")
    }

    @Test func `append fills pages fuller than sorted upserts`() throws {
        let environment = try Environment(path: directory.folder("e"))
        let databases = try environment.openDatabases(["appended", "inserted"])
        let pairs = (100_000..<120_000).map { ("key\($0)", "value") }
        try environment.write { transaction throws(LMDBError) in
            for (key, value) in pairs { try transaction.put(key, value, in: databases[0], .append) }
            for (key, value) in pairs.shuffled() { try transaction.put(key, value, in: databases[1]) }
        }
        let reader = try environment.read()
        let (appended, inserted) = (
            try reader.statistics(of: databases[0]), try reader.statistics(of: databases[1])
        )
        #expect(appended.entries == 20_000 && inserted.entries == 20_000)
        #expect(appended.leafPages < inserted.leafPages)
    }

    @Test func `reserve lets the value be written in place`() throws {
        let environment = try Environment(path: directory.folder("e"))
        let words = try environment.openDatabase("words")
        let key = Array("k".utf8)
        try environment.write { transaction throws(LMDBError) in
            try transaction.reserve(key.span.bytes, byteCount: 4, in: words) { room in
                #expect(room.byteCount == 4)
                room.storeBytes(of: UInt8(ascii: "x"), toByteOffset: 1, as: UInt8.self)
            }
        }
        #expect(try environment.string("k", in: words) == "\0x\0\0")
    }

    @Test func `emptying a database keeps the handle and the older snapshot`() throws {
        let environment = try Environment(path: directory.folder("e"))
        let databases = try environment.openDatabases(["words", "other"])
        let words = databases[0]
        try environment.commit((0..<1_000).map { ("\($0)", "v") }, to: words)
        try environment.commit([("kept", "yes")], to: databases[1])
        let before = try environment.read()
        try environment.write { transaction throws(LMDBError) in try transaction.removeAll(in: words) }
        #expect(try environment.string("7", in: words) == nil)
        #expect(try before.string("7", in: words) == "v")
        #expect(try environment.string("kept", in: databases[1]) == "yes")
        try environment.commit([("7", "new")], to: words)
        #expect(try environment.string("7", in: words) == "new")
    }

    @Test func `a second write transaction on the same thread is an error, not a deadlock`() throws {
        let environment = try Environment(path: directory.folder("e"))
        let first = try environment.write()
        do {
            _ = try environment.write()
            Issue.record("two writers on one thread")
        } catch {
            #expect(error.code == .nestedWrite)
        }
        _ = first.number
    }

    @Test func `a full map is told and the transaction is dead`() throws {
        let environment = try Environment(path: directory.folder("e"), options: .init(mapSize: 1 << 18))
        let words = try environment.openDatabase("words")
        try environment.commit([("before", "1")], to: words)
        do {
            var transaction = try environment.write()
            var failure: LMDBError?
            for number in 0..<10_000 where failure == nil {
                do throws(LMDBError) {
                    try transaction.put("key\(number)", String(repeating: "v", count: 1_000), in: words)
                } catch {
                    failure = error
                }
            }
            #expect(failure?.code == .mapFull)
            do throws(LMDBError) {
                try transaction.put("after", "1", in: words)
                Issue.record("a dead transaction took a write")
            } catch {
                #expect(error.code == .badTransaction)
            }
            do throws(LMDBError) {
                try transaction.commit()
                Issue.record("a dead transaction was committed")
            } catch {
                #expect(error.code == .badTransaction)
            }
        }
        #expect(try environment.string("before", in: words) == "1")
        #expect(try environment.string("key0", in: words) == nil)
        try environment.commit([("again", "1")], to: words)
    }
}
