import Glibc
import LMDB
import Synchronization
import Testing

@Suite struct MapGrowthTests {
    let directory = TemporaryDirectory()

    @Test func `room is made before a transaction, so that the map is never full`() throws {
        let environment = try Environment(path: directory.folder("e"), options: .init(mapSize: 1 << 18))
        let words = try environment.openDatabase("words")
        for round in 0..<40 {
            try environment.ensureRoom(forPages: 100)
            #expect(try environment.untouchedPages() >= 100)
            try environment.commit(
                (0..<50).map { ("key\(round)-\($0)", String(repeating: "v", count: 2_000)) }, to: words)
        }
        #expect(environment.mapSize > 1 << 22)
        #expect(try environment.string("key39-49", in: words)?.count == 2_000)
    }

    @Test func `growth by the thread that reads gives up in time and everybody goes on`() throws {
        let environment = try Environment(path: directory.folder("e"), options: .init(mapSize: 1 << 20))
        let words = try environment.openDatabase("words")
        try environment.commit([("a", "1")], to: words)
        do {
            let reader = try environment.read()
            let error = #expect(throws: LMDBError.self) {
                try environment.grow(to: 1 << 24, waitingAtMost: .milliseconds(20))
            }
            #expect(error?.code == .transactionsInTheWay)
            #expect(environment.mapSize == 1 << 20)
            #expect(try reader.string("a", in: words) == "1")
            #expect(try environment.string("a", in: words) == "1")
        }
        try environment.grow(to: 1 << 24)
        #expect(environment.mapSize == 1 << 24)
        #expect(try environment.string("a", in: words) == "1")
    }

    @Test func `a resting reader is not in the way of growth`() throws {
        let environment = try Environment(path: directory.folder("e"), options: .init(mapSize: 1 << 20))
        let words = try environment.openDatabase("words")
        var reader = try environment.read()
        reader.rest()
        try environment.grow(to: 1 << 24)
        try environment.commit([("a", "1")], to: words)
        try reader.renew()
        #expect(try reader.string("a", in: words) == "1")
    }

    @Test func `an address space that cannot be had is told and the environment lives on`() throws {
        let environment = try Environment(path: directory.folder("e"), options: .init(mapSize: 1 << 20))
        let words = try environment.openDatabase("words")
        try environment.commit([("a", "1")], to: words)
        let error = #expect(throws: LMDBError.self) { try environment.grow(to: 1 << 60) }
        #expect(error?.code == .outOfMemory)
        #expect(try environment.string("a", in: words) == "1")
    }

    /// Readers on threads of their own read all the time while a writer fills and the map moves under them; without the gate one of
    /// them dies by SIGSEGV.
    @Test func `the map moves while threads read`() throws {
        let environment = try Environment(path: directory.folder("e"), options: .init(mapSize: 1 << 19))
        let words = try environment.openDatabase("words")
        let filler = String(repeating: "v", count: 500)
        try environment.commit((0..<200).map { ("key\($0)", filler) }, to: words)
        let isOver = Atomic<Bool>(false)
        let reads = Atomic<Int>(0)
        let failures = Mutex<[LMDBError]>([])
        let threads = (0..<3).map { thread in
            Thread {
                var round = thread
                while !isOver.load(ordering: .relaxed) {
                    do throws(LMDBError) {
                        let transaction = try environment.read()
                        for step in 0..<20 {
                            let value = try transaction.string("key\((round + step) % 200)", in: words)
                            if value?.count != 500 { throw LMDBError(.notFound, "reading", path: "") }
                        }
                    } catch {
                        failures.withLock { $0.append(error) }
                        return
                    }
                    round += 1
                    reads.add(1, ordering: .relaxed)
                }
            }
        }
        var grown = 0
        for round in 0..<120 {
            let before = environment.mapSize
            try environment.ensureRoom(forPages: before / environment.pageSize)
            // The map has moved: every reader comes by once more before it moves again.
            let seen = reads.load(ordering: .relaxed)
            while reads.load(ordering: .relaxed) < seen + 6 && failures.withLock(\.isEmpty) { sched_yield() }
            if environment.mapSize > before && environment.mapSize < 1 << 28 { grown += 1 }
            if environment.mapSize >= 1 << 28 { break }
            try environment.commit((0..<200).map { ("key\($0)", filler) } + [("more\(round)", filler)], to: words)
        }
        isOver.store(true, ordering: .relaxed)
        for thread in threads { thread.join() }
        #expect(failures.withLock { $0 } == [])
        #expect(grown >= 5)
        #expect(reads.load(ordering: .relaxed) > 0)
    }
}
