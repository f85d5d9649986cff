import Foundation
import LMDB
import Swiftwater
import SwiftwaterKafka
import Testing

@Suite struct LMDBStateBackendTests {
    let folder = StateFolder()

    @Test func `reads see the last commit of their store`() throws {
        let backend = try folder.open().stores("counts", "names")
        #expect(backend.origin == .new)
        #expect(try backend.string("a") == nil)
        try backend.commit(["a": "1", "b": "2"])
        try backend.commit(["a": "other"], to: 1)
        #expect(try backend.string("a") == "1")
        #expect(try backend.string("a", in: 1) == "other")
        try backend.commit(["a": Optional<String>.none, "c": "3"])
        #expect(try backend.strings() == ["b": "2", "c": "3"])
        #expect(try backend.approximateCount(of: 0) == 2)
    }

    @Test func `changes and checkpoint are there after closing and opening`() throws {
        let directory = try folder.open()
        let checkpoint = TaskCheckpoint(
            changelogOffsets: [0: 17, 1: .max],
            inputOffsets: [.init("lines", 0): 5, .init("lines", 7): 0, .init("naïve-topic", 1): 1 << 40]
        )
        do {
            let backend = try directory.stores("counts", "names")
            try backend.commit(["a": "1"], to: 0, checkpoint)
            #expect(try backend.checkpoint() == checkpoint)
            try backend.close()
        }
        let backend = try directory.stores("counts", "names")
        #expect(backend.origin == .kept)
        #expect(try backend.checkpoint() == checkpoint)
        #expect(try backend.string("a") == "1")
        try backend.commit(["b": "2"], to: 0, .init(changelogOffsets: [0: 18]))
        #expect(try backend.checkpoint().changelogOffsets == [0: 18, 1: .max])
    }

    @Test func `stores are found by name when their order changed`() throws {
        let directory = try folder.open()
        do {
            let backend = try directory.stores("counts", "names")
            try backend.commit(["a": "1"], to: 0, .init(changelogOffsets: [0: 17, 1: 4]))
            try backend.close()
        }
        let backend = try directory.stores("names", "counts")
        #expect(try backend.string("a", in: 1) == "1")
        #expect(try backend.checkpoint().changelogOffsets == [1: 17, 0: 4])
    }

    @Test func `an emptied store forgets its changelog offset and given inputs, and keeps the others`() throws {
        let backend = try folder.open().stores("counts", "names")
        let inputs = [TopicPartition("in", 0): Int64(5), TopicPartition("in", 1): 6]
        try backend.commit(["a": "1"], to: 0, .init(changelogOffsets: [0: 17, 1: 4], inputOffsets: inputs))
        try backend.commit(["a": "2"], to: 1)
        try backend.removeAll(in: [0], forgetting: [TopicPartition("in", 0)])
        #expect(try backend.checkpoint().inputOffsets == [TopicPartition("in", 1): 6])
        #expect(try backend.strings(0) == [:])
        #expect(try backend.strings(1) == ["a": "2"])
        #expect(try backend.checkpoint().changelogOffsets == [1: 4])
        try backend.commit(["b": "1"], to: 0, .init(changelogOffsets: [0: 1]))
        #expect(try backend.strings(0) == ["b": "1"])
    }

    @Test func `keys of all lengths from 0 to 5,000 keep the order of their bytes`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        let backend = try folder.open().stores("keys")
        var model: [[UInt8]: [UInt8]] = [:]
        // Few different bytes and lengths around the limits, so that prefixes are shared and long keys stand in runs.
        let alphabet: [UInt8] = [0, 1, 127, 255]
        let stem = (0..<5_000).map { _ in alphabet.randomElement(using: &random) ?? 0 }
        func isBelow(_ left: [UInt8], _ right: [UInt8]) -> Bool {
            left.withUnsafeBytes { left in right.withUnsafeBytes { compare(left, $0) < 0 } }
        }
        func key() -> [UInt8] {
            let lengths = [0, 1, 2, 478, 479, 480, 481, 482, 487, 488, 489, 490, 510, 511, 512, 1_000, 5_000]
            let length =
                Bool.random(using: &random)
                ? lengths.randomElement(using: &random) ?? 0 : Int.random(in: 0...5_000, using: &random)
            var key = Array(stem.prefix(length))
            if !key.isEmpty, Int.random(in: 0..<3, using: &random) > 0 {
                let place = Int.random(in: max(0, min(470, key.count - 30))..<key.count, using: &random)
                key[place] = alphabet.randomElement(using: &random) ?? 0
            }
            return key
        }
        for length in Array(0...20) + Array(460...530) + [4_999, 5_000] {
            model[Array(stem.prefix(length))] = [UInt8(truncatingIfNeeded: length)]
        }
        try backend.commit(model.map { ($0, $1) })
        for _ in 0..<6 {
            var changes: [([UInt8], [UInt8]?)] = []
            for _ in 0..<200 {
                let value: [UInt8]? =
                    Int.random(in: 0..<4, using: &random) == 0
                    ? nil : Array(repeating: 7, count: Int.random(in: 0..<6_000, using: &random))
                changes.append((key(), value))
            }
            for (key, value) in changes { model[key] = value }
            try backend.commit(changes)
        }
        let sorted = model.map { Entry(key: $0, value: $1) }.sorted { isBelow($0.key, $1.key) }
        #expect(try backend.entries() == sorted, "seed \(seed)")
        #expect(try backend.entries(reverse: true) == sorted.reversed(), "seed \(seed)")
        for _ in 0..<60 {
            let (from, to) = (key(), key())
            let inside = sorted.filter {
                !isBelow($0.key, from) && !isBelow(to, $0.key)
            }
            #expect(try backend.entries(from: from, to: to) == inside, "seed \(seed)")
            #expect(try backend.entries(from: from, to: to, reverse: true) == inside.reversed(), "seed \(seed)")
            #expect(try backend.bytes(from) == model[from], "seed \(seed)")
        }
    }

    @Test func `a scan ends where its visitor says`() throws {
        let backend = try folder.open().stores("keys")
        let long = [UInt8](repeating: 9, count: 600)
        try backend.commit((0..<10).map { (long + [$0], [$0]) } + [([1], [1]), ([10], [10])])
        var seen: [UInt8] = []
        try backend.scan(0, from: nil, to: nil, reverse: false) { _, value in
            seen.append(value[0])
            return seen.count < 4
        }
        #expect(seen == [1, 0, 1, 2])
    }

    @Test func `values of megabytes and the empty value are stored`() throws {
        let backend = try folder.open("app", .init(mapSize: 1 << 20)).stores("blobs")
        let blob = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0) }
        try backend.commit([([1], blob), ([2], []), ([], [3])])
        #expect(try backend.bytes([1]) == blob)
        #expect(try backend.bytes([2]) == [])
        #expect(try backend.bytes([]) == [3])
    }

    @Test func `ST-19 the map grows before it is full`() throws {
        let backend = try folder.open("app", .init(mapSize: 1 << 20)).stores("counts")
        for round in 0..<20 {
            try backend.commit((0..<500).map { (Array("key\(round)-\($0)".utf8), Array(repeating: 1, count: 300)) })
            // A snapshot that ended is not in the way.
            _ = try backend.snapshots.snapshot()
        }
        #expect(try backend.approximateCount(of: 0) == 10_000)
        #expect(try backend.statistics().mapSize > 1 << 20)
    }

    @Test func `ST-19 a query that holds its snapshot too long is named, and the commit can be tried again`() throws {
        let options = StateOptions(mapSize: 1 << 20, patience: .milliseconds(20))
        let backend = try folder.open("app", options).stores("counts")
        let large: [([UInt8], [UInt8]?)] = (0..<100).map { ([$0], Array(repeating: 1, count: 50_000)) }
        do {
            let snapshot = try backend.snapshots.snapshot()
            let error = #expect(throws: StreamsError.self) { try backend.commit(large) }
            #expect(error?.code == .stateStore)
            #expect(error?.message.contains("queries") == true)
            #expect(try snapshot.bytes([1]) == nil)
        }
        try backend.commit(large)
        #expect(try backend.bytes([1])?.count == 50_000)
    }

    @Test func `a restore appends to an empty store and fills its pages`() throws {
        let backend = try folder.open().stores("restored", "updated")
        let entries = (0..<50_000).map { (Array("key\(100_000 + $0)".utf8), Array("value".utf8)) }
        try backend.commit(entries.map { ($0, $1) }, to: 0, .init(changelogOffsets: [0: 50_000]))
        for part in stride(from: 0, to: 50_000, by: 10_000).shuffled() {
            try backend.commit(entries[part..<(part + 10_000)].map { ($0, $1) }, to: 1)
        }
        #expect(try backend.entries(0) == backend.entries(1))
        let pages = try backend.pages()
        #expect(pages[0] < pages[1])
    }

    @Test func `a snapshot is read on another thread while commits go on`() async throws {
        let backend = try folder.open().stores("counts")
        try backend.commit(["a": "1", "b": "1"])
        let snapshot = try backend.snapshots.snapshot()
        try backend.commit(["a": "2", "b": Optional<String>.none])
        let seen = try await Task.detached {
            var keys: [[UInt8]] = []
            try snapshot.scan(0) { key, _ in
                keys.append(Array(key))
                return true
            }
            return (try snapshot.bytes(Array("a".utf8)), keys)
        }.value
        #expect(seen.0 == Array("1".utf8))
        #expect(seen.1 == [Array("a".utf8), Array("b".utf8)])
        #expect(try snapshot.approximateCount(of: 0) == 2)
        #expect(try backend.strings() == ["a": "2"])
    }

    @Test func `a snapshot outlives the closing of its task, and after that there is none`() throws {
        let directory = try folder.open("app", .init(patience: .milliseconds(20)))
        let backend = try directory.stores("counts")
        try backend.commit(["a": "1"])
        let source = backend.snapshots
        do {
            let snapshot = try source.snapshot()
            try backend.close()
            #expect(try snapshot.bytes(Array("a".utf8)) == Array("1".utf8))
        }
        let error = #expect(throws: StreamsError.self) { try source.snapshot() }
        #expect(error?.message.contains("closed") == true)
        #expect(throws: StreamsError.self) { try backend.string("a") }
        #expect(throws: StreamsError.self) { try backend.commit(["a": "2"]) }
    }

    @Test func `the guard refuses a commit before the disk is full`() throws {
        let backend = try folder.open("app", .init(minimumFreeBytes: .max)).stores("counts")
        let error = #expect(throws: StreamsError.self) { try backend.commit(["a": "1"]) }
        #expect(error?.code == .disk)
        #expect(error?.place.task == "0_0")
        #expect(error?.message.contains(folder.path) == true)
        #expect(try backend.string("a") == nil)
    }

    @Test func `a full disk is a typed error and the last commit stands`() throws {
        let disk = folder.path + "/disk"
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        guard geteuid() == 0, mount("tmpfs", disk, "tmpfs", 0, "size=4m") == 0 else {
            print("skipped: a tmpfs of 4 MiB could not be mounted (needs root)")
            return
        }
        defer { umount2(disk, CInt(MNT_DETACH)) }
        do {
            let directory = try StateDirectory(root: disk, applicationID: "app", options: .init(minimumFreeBytes: 0))
            let backend = try directory.stores("blobs")
            try backend.commit(["before": "1"], to: 0, .init(changelogOffsets: [0: 1]))
            let large: [([UInt8], [UInt8]?)] = (0..<100).map { ([$0], Array(repeating: 1, count: 100_000)) }
            let error = #expect(throws: StreamsError.self) {
                try backend.commit(large, to: 0, .init(changelogOffsets: [0: 101]))
            }
            #expect(error?.code == .disk)
            #expect(try backend.checkpoint().changelogOffsets == [0: 1])
            #expect(try backend.strings() == ["before": "1"])
        }
        // What the runtime does then: dropped, opened again.
        let directory = try StateDirectory(root: disk, applicationID: "app", options: .init(minimumFreeBytes: 0))
        let backend = try directory.stores("blobs")
        #expect(backend.origin == .kept)
        #expect(try backend.strings() == ["before": "1"])
        #expect(try backend.checkpoint().changelogOffsets == [0: 1])
        try backend.commit(["after": "2"])
        #expect(try backend.strings() == ["before": "1", "after": "2"])
    }
}
