import Glibc
import LMDB
import Testing

/// Kills a child by SIGKILL at a chosen place and looks at what it left.
@Suite struct CrashTests {
    @Test(arguments: [0, 1, 7, 40])
    func `killed between two commits, all commits are there and nothing else`(commits: Int) async throws {
        let directory = TemporaryDirectory()
        let path = directory.folder("e")
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, commits = commits as Int] in
            let environment = try Environment(path: path)
            let words = try environment.openDatabase("words")
            for number in 0..<commits {
                try environment.commit(
                    (0..<100).map { ("key\($0)", "\(number)") } + [("only\(number)", "here")], to: words)
            }
            var transaction = try environment.write()
            for number in 0..<5_000 { try transaction.put("torn\(number)", "x", in: words) }
            kill(getpid(), SIGKILL)
        }
        let environment = try Environment(path: path)
        let words = try environment.openDatabase("words")
        var cursor = try SnapshotCursor(environment.read(), in: words)
        var seen: [String: String] = [:]
        while try cursor.next() { seen[String(bytes: cursor.key)] = String(bytes: cursor.value) }
        var expected: [String: String] = [:]
        for number in 0..<commits {
            for key in 0..<100 { expected["key\(key)"] = "\(number)" }
            expected["only\(number)"] = "here"
        }
        #expect(seen == expected)
        // The dead writer's lock and the dead readers' slots are in nobody's way.
        try environment.commit([("after", "1")], to: words)
    }

    @Test func `the slots of a killed reader are freed`() async throws {
        let directory = TemporaryDirectory()
        let path = directory.folder("e")
        // Open here all the time: only then the child's slots are left in the table.
        let environment = try Environment(path: path, options: .init(maximumReaders: 4))
        let words = try environment.openDatabase("words")
        try environment.commit([("a", "1")], to: words)
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let environment = try Environment(path: path, options: .init(maximumReaders: 4))
            let first = try environment.read()
            let second = try environment.read()
            let third = try environment.read()
            kill(getpid(), SIGKILL)
            _ = (first.number, second.number, third.number)
        }
        #expect(try environment.statistics().readers == 3)
        #expect(try environment.clearDeadReaders() == 3)
        #expect(try environment.statistics().readers == 0)
    }
}
