import RDKafka
import Testing

@Suite struct ConsumerTests {
    private func filled(_ count: Int, partitions: Int = 1) throws -> MockCluster {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: partitions)
        let producer = try cluster.producer()
        for partition in 0..<partitions {
            try producer.fill("t", Int32(partition), (0..<count).map { "\(partition)/\($0)" })
        }
        return cluster
    }

    @Test func `resuming what was not paused neither repeats nor loses anything`() throws {
        let cluster = try filled(1000)
        let consumer = try cluster.consumer("g", batchSize: 100)
        try consumer.assign("t", 0...0)
        var offsets: [Int64] = []
        while offsets.count < 1000 {
            let before = offsets.count
            let messages = try consumer.collect(until: { messages, _ in !messages.isEmpty }).messages
            offsets += messages.map(\.offset)
            try consumer.resume([TopicPartition("t", 0)])
            try #require(offsets.count > before)
        }
        #expect(offsets == Array(0..<1000))
        consumer.close(limit: .seconds(10))
    }

    @Test func `paused partitions are silent and go on where they were`() throws {
        let cluster = try filled(200, partitions: 2)
        let consumer = try cluster.consumer("g", ["enable.partition.eof": "true"], batchSize: 50)
        try consumer.assign("t", 0...1)
        let first = try consumer.collect(until: { messages, _ in messages.count >= 60 }).messages
        let paused = TopicPartition("t", 0)
        try consumer.pause([paused])
        try consumer.pause([paused])
        #expect(consumer.isPaused(paused))
        let second = try consumer.collect(until: { messages, _ in
            (first + messages).filter { $0.partition != paused }.count == 200
        }).messages
        #expect(!second.contains { $0.partition == paused })
        try consumer.resume([paused])
        #expect(!consumer.isPaused(paused))
        let third = try consumer.collect(until: { messages, _ in (first + second + messages).count >= 400 }).messages
        let all = (first + second + third).filter { $0.partition == paused }.map(\.offset)
        #expect(all == Array(0..<200))
        consumer.close(limit: .seconds(10))
    }

    @Test func `a new assignment is not paused`() throws {
        let cluster = try filled(10)
        let consumer = try cluster.consumer("g")
        try consumer.assign("t", 0...0)
        try consumer.pause([TopicPartition("t", 0)])
        try consumer.assign("t", 0...0, at: 4)
        #expect(!consumer.isPaused(TopicPartition("t", 0)))
        let messages = try consumer.collect(until: { messages, _ in messages.count >= 6 }).messages
        #expect(messages.map(\.offset) == Array(4..<10))
        consumer.close(limit: .seconds(10))
    }

    @Test func `assigning again is how to seek, and drops what was prefetched`() throws {
        let cluster = try filled(500)
        let consumer = try cluster.consumer("g", batchSize: 10)
        try consumer.assign("t", 0...0)
        _ = try consumer.collect(until: { messages, _ in messages.count >= 10 })
        try consumer.assign("t", 0...0, at: 490)
        let messages = try consumer.collect(until: { messages, _ in messages.count >= 10 }).messages
        #expect(messages.map(\.offset) == Array(490..<500))
        consumer.close(limit: .seconds(10))
    }

    @Test func `partitions come and go one by one`() throws {
        let cluster = try filled(10, partitions: 2)
        let consumer = try cluster.consumer("g")
        let (zero, one) = (TopicPartition("t", 0), TopicPartition("t", 1))
        try consumer.incrementalAssign([PartitionOffset(zero, 5)])
        let first = try consumer.collect(until: { messages, _ in messages.count >= 5 }).messages
        #expect(first.map(\.offset) == Array(5..<10))
        try consumer.incrementalAssign([PartitionOffset(one, 8)])
        let second = try consumer.collect(until: { messages, _ in messages.count >= 2 }).messages
        #expect(second.map(\.partition) == [one, one] && second.map(\.offset) == [8, 9])
        #expect(try Set(consumer.assignment()) == [zero, one])
        try consumer.pause([zero])
        try consumer.incrementalUnassign([zero])
        #expect(!consumer.isPaused(zero))
        #expect(try consumer.assignment() == [one])
        consumer.close(limit: .seconds(10))
    }

    @Test func `a few messages are handed over at once, not when the time is over`() throws {
        let cluster = try filled(9)
        let consumer = try cluster.consumer("g")
        try consumer.assign("t", 0...0)
        let clock = ContinuousClock()
        var count = 0
        let time = try clock.measure {
            while count < 9 { count += try consumer.poll(timeout: .seconds(30), into: { _ in }) }
        }
        #expect(count == 9)
        #expect(time < .seconds(10))
        consumer.close(limit: .seconds(10))
    }

    @Test func `max bounds a poll and the rest comes with the next`() throws {
        let cluster = try filled(20)
        let consumer = try cluster.consumer("g")
        try consumer.assign("t", 0...0)
        var counts: [Int] = []
        var offsets: [Int64] = []
        while offsets.count < 20 {
            counts.append(try consumer.poll(timeout: .seconds(10), max: 7) { offsets.append($0.offset) })
            try #require(counts.last != 0)
        }
        #expect(counts.allSatisfy { $0 <= 7 })
        #expect(offsets == Array(0..<20))
        consumer.close(limit: .seconds(10))
    }

    @Test func `another thread can end a poll`() throws {
        let cluster = try filled(0)
        let consumer = try cluster.consumer("g")
        try consumer.assign("t", 0...0)
        let waker = consumer.waker
        let clock = ContinuousClock()
        // Asked for before the poll, so that the test needs no timing: the wish must not be forgotten.
        waker.wake()
        let time = try clock.measure {
            _ = try consumer.poll(timeout: .seconds(30)) { _ in }
        }
        #expect(time < .seconds(10))
        consumer.close(limit: .seconds(10))
        waker.wake()
    }

    @Test func `the end of a partition is an event with the next offset`() throws {
        let cluster = try filled(3)
        let consumer = try cluster.consumer("g", ["enable.partition.eof": "true"])
        try consumer.assign("t", 0...0)
        let (messages, events) = try consumer.collect(until: { _, events in !events.isEmpty })
        #expect(messages.count == 3)
        guard case .endOfPartition(TopicPartition("t", 0), let number, let offset) = events.first else {
            Issue.record("not the end: \(events)")
            return
        }
        #expect(offset == 3)
        #expect(try consumer.number(of: TopicPartition("t", 0)) == number)
        consumer.close(limit: .seconds(10))
    }

    @Test func `beginning and end of many partitions in one call, and offsets by time`() throws {
        let cluster = try filled(3, partitions: 4)
        let consumer = try cluster.consumer("g")
        let partitions = (Int32(0)..<4).map { TopicPartition("t", $0) }
        #expect(try consumer.beginningOffsets(partitions, timeout: .seconds(10)).map(\.offset) == [0, 0, 0, 0])
        #expect(try consumer.endOffsets(partitions, timeout: .seconds(10)).map(\.offset) == [3, 3, 3, 3])
        #expect(try consumer.offsetsForTimes([], timeout: .seconds(10)).isEmpty)
        consumer.close(limit: .seconds(10))
    }

    @Test func `committed offsets come back with their metadata`() throws {
        let cluster = try filled(3, partitions: 3)
        let consumer = try cluster.consumer("g")
        let partitions = (Int32(0)..<3).map { TopicPartition("t", $0) }
        try consumer.commit(
            [
                PartitionOffset(partitions[0], 2, metadata: "größer"), PartitionOffset(partitions[1], 1),
            ], timeout: .seconds(10))
        let committed = try consumer.committed(partitions, timeout: .seconds(10))
        #expect(committed.map(\.offset) == [2, 1, KafkaOffset.invalid])
        #expect(committed[0].metadata == "größer")
        consumer.close(limit: .seconds(10))
    }

    @Test func `an asynchronous commit reports with its token`() throws {
        let cluster = try filled(3)
        let consumer = try cluster.consumer("g")
        try consumer.commitAsynchronously([PartitionOffset(TopicPartition("t", 0), 2)], token: 42)
        let events = try consumer.collect(until: { _, events in !events.isEmpty }).events
        guard case .committed(let token, let offsets, let error) = events.first else {
            Issue.record("no outcome: \(events)")
            return
        }
        #expect(token == 42)
        #expect(offsets.map(\.offset) == [2])
        #expect(error == nil)
        consumer.close(limit: .seconds(10))
    }

    @Test func `a refused commit is thrown with its code`() throws {
        let cluster = try filled(3)
        let consumer = try cluster.consumer("g")
        cluster.failNext(apiKey: 8, [.illegalGeneration])
        let error = try #require(throws: KafkaError.self) {
            try consumer.commit([PartitionOffset(TopicPartition("t", 0), 2)], timeout: .seconds(10))
        }
        #expect(error.code == .illegalGeneration)
        #expect(!error.isRetriable)
        consumer.close(limit: .seconds(10))
    }

    @Test func `position and watermarks follow what was handed over`() throws {
        let cluster = try filled(5)
        let consumer = try cluster.consumer("g")
        let partition = TopicPartition("t", 0)
        try consumer.assign("t", 0...0)
        #expect(try consumer.position([partition]).map(\.offset) == [KafkaOffset.invalid])
        _ = try consumer.collect(until: { messages, _ in messages.count >= 5 })
        #expect(try consumer.position([partition]).map(\.offset) == [5])
        #expect(consumer.cachedWatermarks(partition)?.high == 5)
        consumer.close(limit: .seconds(10))
    }

    @Test func `a partition whose offset is out of range fails as an event`() throws {
        let cluster = try filled(3)
        let consumer = try cluster.consumer("g", ["auto.offset.reset": "error"])
        try consumer.assign("t", 0...0, at: 99)
        let events = try consumer.collect(until: { _, events in !events.isEmpty }).events
        guard case .failed(let error, let partition) = events.first else {
            Issue.record("no failure: \(events)")
            return
        }
        #expect(error.code == .noValidOffset)
        #expect(partition == TopicPartition("t", 0))
        consumer.close(limit: .seconds(10))
    }

    @Test func `a closed consumer says so`() throws {
        let cluster = try filled(1)
        let consumer = try cluster.consumer("g")
        #expect(consumer.close(limit: .seconds(10)))
        #expect(consumer.close(limit: .seconds(10)))
        let error = try #require(throws: KafkaError.self) { _ = try consumer.poll(timeout: .zero) { _ in } }
        #expect(error.code == .destroyed)
        #expect(consumer.memberID.isEmpty)
    }
}
