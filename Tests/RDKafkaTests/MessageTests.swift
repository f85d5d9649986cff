import RDKafka
import Testing

@Suite struct MessageTests {
    @Test func `bytes, nulls, headers and timestamps come back as they were sent`() throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 2)
        let producer = try cluster.producer()
        let headers = [
            MessageHeader("a", [1, 2]), MessageHeader("a", nil), MessageHeader("é", []), MessageHeader("", [9]),
        ]
        _ = try producer.send("t", 1, key: [7, 0, 8], value: [1], headers: headers, timestamp: 1_234_567)
        _ = try producer.send("t", 1, key: nil, value: nil, timestamp: 5)
        _ = try producer.send("t", 1, key: [], value: [], timestamp: 0)
        let span: [UInt8] = [4, 2]
        _ = try producer.produce(to: producer.topic("t"), partition: 1, key: span.span.bytes, value: span.span.bytes)
        #expect(try producer.flush(timeout: .seconds(20)) { _ in })

        let consumer = try cluster.consumer("g")
        try consumer.assign("t", 0...1)
        let messages = try consumer.collect(until: { messages, _ in messages.count >= 4 }).messages
        #expect(messages.map(\.partition) == Array(repeating: TopicPartition("t", 1), count: 4))
        #expect(messages.map(\.offset) == [0, 1, 2, 3])
        #expect(messages[0].key == [7, 0, 8])
        #expect(messages[0].value == [1])
        #expect(messages[0].headers == headers)
        #expect(messages[0].timestamp == 1_234_567)
        #expect(messages[1].key == nil && messages[1].value == nil && messages[1].headers == [])
        #expect(messages[1].timestamp == 5)
        #expect(messages[2].key == [] && messages[2].value == [])
        #expect(messages[2].timestamp == 1)
        #expect(messages[3].key == [4, 2] && messages[3].value == [4, 2])
        #expect(messages[3].timestamp > 1_600_000_000_000)
        #expect(consumer.close(limit: .seconds(10)))
    }

    @Test func `spans show what the buffers show`() throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let producer = try cluster.producer()
        _ = try producer.send("t", 0, key: [], value: [1, 2, 3])
        try producer.flush(timeout: .seconds(20)) { _ in }
        let consumer = try cluster.consumer("g")
        try consumer.assign("t", 0...0)
        var seen = 0
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(20)
        while seen == 0, clock.now < deadline {
            _ = try consumer.poll(timeout: .milliseconds(100)) { message in
                seen += 1
                #expect(message.key?.byteCount == 0)
                #expect(message.value?.byteCount == 3)
                #expect(message.value?.unsafeLoad(fromByteOffset: 2, as: UInt8.self) == 3)
                #expect(message.timestampType == .createTime)
            }
        }
        #expect(seen == 1)
        consumer.close(limit: .seconds(10))
    }

    @Test func `numbers name partitions of several topics, whoever asks first`() throws {
        let cluster = try MockCluster()
        for topic in ["x", "y"] { try cluster.createTopic(topic, partitions: 3) }
        let producer = try cluster.producer()
        for topic in ["x", "y"] {
            for partition in Int32(0)..<3 {
                try producer.fill(topic, partition, (0..<5).map { "\(topic)\(partition)\($0)" })
            }
        }
        let consumer = try cluster.consumer("g")
        let asked = try consumer.number(of: TopicPartition("y", 2))
        #expect(asked == 0)
        try consumer.assign(
            ["x", "y"].flatMap { topic in (Int32(0)..<3).map { PartitionOffset(TopicPartition(topic, $0), 0) } })
        let messages = try consumer.collect(until: { messages, _ in messages.count >= 30 }).messages
        #expect(messages.count == 30)
        for message in messages {
            #expect(message.text == "\(message.partition.topic)\(message.partition.partition)\(message.offset)")
        }
        #expect(try consumer.number(of: TopicPartition("y", 2)) == asked)
        #expect(try Set(messages.map { try consumer.number(of: $0.partition) }) == Set(0..<6))
        consumer.close(limit: .seconds(10))
    }
}
