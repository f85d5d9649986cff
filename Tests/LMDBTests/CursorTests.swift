import LMDB
import Testing

@Suite struct CursorTests {
    let directory = TemporaryDirectory()

    private func environment() throws -> (Environment, Database) {
        let environment = try Environment(path: directory.folder("e"))
        let words = try environment.openDatabase("words")
        try environment.commit(["b", "d", "f"].map { ($0, $0 + $0) }, to: words)
        return (environment, words)
    }

    @Test func `all motions`() throws {
        let (environment, words) = try environment()
        let reader = try environment.read()
        var cursor = try reader.cursor(in: words)
        #expect(cursor.isAtEntry == false)
        #expect(String(bytes: cursor.key) + String(bytes: cursor.value) == "")
        #expect(try cursor.next())
        #expect(String(bytes: cursor.key) == "b")
        #expect(String(bytes: cursor.value) == "bb")
        #expect(try cursor.last())
        #expect(String(bytes: cursor.key) == "f")
        #expect(try cursor.current())
        #expect(String(bytes: cursor.value) == "ff")
        #expect(try !cursor.next())
        #expect(String(bytes: cursor.key) == "")
        #expect(try cursor.first())
        #expect(try !cursor.previous())
    }

    @Test(
        arguments: [
            ("", "b", nil), ("a", "b", nil), ("b", "b", nil), ("c", "d", "b"), ("f", "f", "d"), ("g", nil, "f"),
        ] as [(String, String?, String?)])
    func `seeking finds the first at or after, and the last before`(target: String, found: String?, before: String?)
        throws
    {
        let (environment, words) = try environment()
        let reader = try environment.read()
        let key = Array(target.utf8)
        var cursor = try reader.cursor(in: words)
        #expect(try cursor.seek(key.span.bytes) == (found != nil))
        if let found { #expect(String(bytes: cursor.key) == found) }
        #expect(try cursor.seekLast(before: key.span.bytes) == (before != nil))
        if let before { #expect(String(bytes: cursor.key) == before) }
        #expect(cursor.isAtEntry == (before != nil))
    }

    @Test func `an empty database has no entry`() throws {
        let environment = try Environment(path: directory.folder("none"))
        let words = try environment.openDatabase("words")
        let reader = try environment.read()
        let key = Array("a".utf8)
        var cursor = try reader.cursor(in: words)
        #expect(try !cursor.first())
        #expect(try !cursor.last())
        #expect(try !cursor.seek(key.span.bytes))
        #expect(try !cursor.seekLast(before: key.span.bytes))
        #expect(try !cursor.current())
    }

    @Test func `a snapshot cursor outlives the call that made it and sees one snapshot`() throws {
        let (environment, words) = try environment()
        var cursor = try SnapshotCursor(environment.read(), in: words)
        try environment.commit([("c", "new"), ("d", "changed")], to: words)
        var seen: [String] = []
        while try cursor.next() { seen.append(String(bytes: cursor.value)) }
        #expect(seen == ["bb", "dd", "ff"])
    }

    @Test func `a write cursor puts and removes in order`() throws {
        let (environment, words) = try environment()
        try environment.write { transaction throws(LMDBError) in
            var cursor = try transaction.writeCursor(in: words)
            for (key, value) in [("a", "1"), ("b", "2"), ("c", "3")] {
                let (key, value) = (Array(key.utf8), Array(value.utf8))
                try cursor.put(key.span.bytes, value.span.bytes)
            }
            for (key, wasThere) in [("d", true), ("e", false), ("f", true)] {
                let key = Array(key.utf8)
                #expect(try cursor.remove(key.span.bytes) == wasThere)
            }
            let last = Array("g".utf8)
            try cursor.put(last.span.bytes, last.span.bytes)
        }
        var cursor = try SnapshotCursor(environment.read(), in: words)
        var seen: [String] = []
        while try cursor.next() { seen.append(String(bytes: cursor.key) + String(bytes: cursor.value)) }
        #expect(seen == ["a1", "b2", "c3", "gg"])
    }

    @Test func `random changes by write cursor equal a dictionary`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        let environment = try Environment(path: directory.folder("random"))
        let words = try environment.openDatabase("words")
        var model: [String: String] = [:]
        for _ in 0..<30 {
            var changes: [String: String?] = [:]
            for _ in 0..<Int.random(in: 0..<400, using: &random) {
                let key = "k\(Int.random(in: 0..<2_000, using: &random))"
                let length = Int.random(in: 0..<3_000, using: &random)
                changes[key] = .some(Bool.random(using: &random) ? nil : String(repeating: "v", count: length))
            }
            for (key, value) in changes { model[key] = value }
            try environment.write { transaction throws(LMDBError) in
                var cursor = try transaction.writeCursor(in: words)
                for (key, value) in changes.sorted(by: {
                    Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8))
                }) {
                    let bytes = Array(key.utf8)
                    if let value {
                        let value = Array(value.utf8)
                        try cursor.put(bytes.span.bytes, value.span.bytes)
                    } else {
                        try cursor.remove(bytes.span.bytes)
                    }
                }
            }
        }
        var cursor = try SnapshotCursor(environment.read(), in: words)
        var seen: [String: String] = [:]
        while try cursor.next() { seen[String(bytes: cursor.key)] = String(bytes: cursor.value) }
        #expect(seen == model, "seed \(seed)")
    }
}
