import Swiftwater
import SwiftwaterKafka
import Testing

@Suite struct ExpiryTests {
    @Test func `ST-06 what has expired leaves LMDB with the commit that finds it expired`() throws {
        let folder = StateFolder()
        let directory = try folder.open()
        let backend = try directory.stores("window")
        let definition = StoreDefinition(
            name: "window", kind: .timestampedWindow(Segments(retention: 100, width: 10)))
        let replay = ChangelogReplay(definition, index: 0, backend: backend)
        for start in stride(from: Int64(0), to: 1_000, by: 5) {
            let key = ByteWriter()
            key.append(utf8: "k")
            key.append(bigEndian: start)
            key.append(bigEndian: Int32(0))
            try key.withUnsafeBytes { try replay.take(key: $0, value: $0, timestamp: Timestamp(rawValue: start)) }
            if start % 50 == 0 {
                try backend.commit([replay.changes], checkpoint: TaskCheckpoint())
                replay.clear()
            }
        }
        try backend.commit([replay.changes], checkpoint: TaskCheckpoint())
        // 995 is the latest: 896 to 995 can be read, the group of 890 is the first that is kept; one entry is the store's own.
        let starts = try backend.entries().dropLast().map { entry in
            entry.key[9..<17].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        }
        #expect(starts == Array(stride(from: 890, through: 995, by: 5)))
    }
}
