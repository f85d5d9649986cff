import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct MockProcessorContextTests {
    private static let counts = StateStore.keyValue("counts", key: .string, value: .int64)

    /// Counts by key; tells the counts to "all" every minute, and asks for a commit with every third record.
    private static func counting(
        _ context: ProcessorContext<String, Int64>
    ) throws -> (Record<String, String>) throws -> Void {
        let counts = try context.store(counts)
        var seen = 0
        var minutes: Cancellable?
        minutes = try context.schedule(every: .seconds(60), .streamTime) { now in
            for entry in try counts.all() {
                try context.forward(Record(key: entry.key, value: entry.value, timestamp: now), to: "all")
            }
            if context.recordMetadata != nil { throw SerdeError("a punctuation has no record") }
            if now >= 120_000 { minutes?.cancel() }
        }
        try context.schedule(every: .seconds(1), .wallClockTime) { _ in }
        return { record in
            let count = (try counts.value(of: record.key) ?? 0) + 1
            try counts.set(count, of: record.key)
            try context.forward(record.with(value: count))
            seen += 1
            if seen % 3 == 0 { context.requestCommit() }
        }
    }

    @Test func `TT-04 what a processor forwards is kept, with the node it is for`() throws {
        let mock = MockProcessorContext<String, Int64>()
        let store = try mock.addStateStore(Self.counts)
        let process = try Self.counting(mock.context)
        try mock.process(Record(key: "a", value: "x", timestamp: 5, headers: ["h": "1"]), by: process)
        try mock.process(Record(key: "a", value: "y", timestamp: 3), by: process)
        let expected = [
            Record(key: "a", value: Int64(1), timestamp: 5, headers: ["h": "1"]),
            Record(key: "a", value: Int64(2), timestamp: 3),
        ]
        #expect(mock.forwarded.map(\.record) == expected)
        #expect(mock.forwarded.map(\.child) == [nil, nil])
        #expect(try store.entry(of: "a")?.timestamp == 3)
        #expect(mock.currentStreamTime == 5)
        mock.resetForwards()
        #expect(mock.forwarded.isEmpty)
    }

    @Test func `TT-04 punctuations run when the test calls them, without a record`() throws {
        let mock = MockProcessorContext<String, Int64>(currentSystemTime: 7)
        try mock.addStateStore(Self.counts).set(4, of: "k", at: 1)
        mock.recordMetadata = RecordMetadata(topic: "in", partition: 1, offset: 9)
        let process = try Self.counting(mock.context)
        #expect(mock.punctuations(.streamTime).map(\.interval) == [.seconds(60)])
        #expect(mock.punctuations(.wallClockTime).map(\.interval) == [.seconds(1)])
        let minutes = try #require(mock.punctuations(.streamTime).first)
        try minutes.punctuate(at: 60_000)
        #expect(mock.forwarded(to: "all") == [Record(key: "k", value: 4, timestamp: 60_000)])
        #expect(mock.forwarded(to: "others").isEmpty)
        #expect(!minutes.isCancelled)
        try minutes.punctuate(at: 120_000)
        #expect(minutes.isCancelled)
        #expect(mock.recordMetadata?.offset == 9)
        try mock.process(Record(key: "k", value: "", timestamp: 1), by: process)
        #expect(mock.forwarded.last?.record.value == 5)
    }

    @Test func `TT-04 a commit that was asked for shows until it is reset`() throws {
        let mock = MockProcessorContext<String, Int64>()
        try mock.addStateStore(Self.counts)
        let process = try Self.counting(mock.context)
        for time in 1...2 {
            try mock.process(Record(key: "a", value: "", timestamp: Timestamp(milliseconds: Int64(time))), by: process)
        }
        #expect(!mock.isCommitRequested)
        try mock.process(Record(key: "a", value: "", timestamp: 3), by: process)
        #expect(mock.isCommitRequested)
        mock.resetCommit()
        #expect(!mock.isCommitRequested)
    }

    @Test func `TT-04 P-06 the context tells what the test says, and refuses what a task's would`() throws {
        let mock = MockProcessorContext<String, String>(
            applicationID: "app", task: TaskID(subtopology: 2, partition: 3), currentSystemTime: 50)
        let context = mock.context
        #expect(context.applicationID == "app")
        #expect(context.taskID == "2_3")
        #expect(context.recordMetadata == nil)
        mock.recordMetadata = RecordMetadata(topic: "t", partition: 0, offset: 8)
        #expect(context.recordMetadata == mock.recordMetadata)
        #expect(context.currentStreamTime == .unknown)
        mock.currentStreamTime = 40
        mock.currentSystemTime = 60
        #expect(context.currentStreamTime == 40)
        #expect(context.currentSystemTime == 60)
        #expect(throws: StreamsError.self) { try context.store(Self.counts) }
        #expect(throws: StreamsError.self) {
            try context.forward(Record(key: "", value: "", timestamp: -1))
        }
        #expect(throws: StreamsError.self) { try context.schedule(every: .zero, .streamTime) { _ in } }
    }

    @Test func `TT-04 P-03 a function that leaves keys as they are has a context of its own`() throws {
        let mock = MockProcessorContext<String, Int>()
        let context = mock.fixedKey
        try mock.process(Record(key: "k", value: "four", timestamp: 2)) { (record: FixedKeyRecord<String, String>) in
            try context.forward(record.with(value: record.value.count))
        }
        #expect(mock.forwarded.map(\.record) == [Record(key: "k", value: 4, timestamp: 2)])
    }

    @Test func `TT-04 P-02 what a processor wants done at the end is done when the task is closed, once`() {
        let mock = MockProcessorContext<String, String>()
        var closed: [String] = []
        mock.context.onClose { closed.append("first") }
        mock.context.onClose { closed.append("second") }
        #expect(closed.isEmpty)
        mock.close()
        mock.close()
        #expect(closed == ["second", "first"])
    }

    @Test func `TT-04 what comes too late for a store is counted`() throws {
        let mock = MockProcessorContext<String, Int>()
        let store = try mock.addStateStore(
            StateStore.window(
                "w", key: .string, value: .string, retention: .seconds(1), windowSize: .seconds(1),
                storeType: .inMemory))
        try store.put("new", of: "k", start: 50_000)
        try store.put("late", of: "k", start: 1_000)
        #expect(mock.droppedRecords == [.expired: 1])
    }
}
