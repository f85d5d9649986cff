import RDKafka
import Testing

@Suite struct ProducerTests {
    @Test func `deliveries carry token, topic, partition and offset`() throws {
        let cluster = try MockCluster()
        for topic in ["a", "b"] { try cluster.createTopic(topic, partitions: 2) }
        let producer = try cluster.producer()
        for token in UInt64(0)..<10 {
            #expect(
                try producer.send(token % 2 == 0 ? "a" : "b", 1, value: [1], token: (UInt64.max - 9) + token) == .queued
            )
        }
        var deliveries: [Delivery] = []
        #expect(try producer.flush(timeout: .seconds(20)) { deliveries.append($0) })
        #expect(producer.outstanding == 0)
        deliveries.sort { $0.token < $1.token }
        #expect(deliveries.map(\.token) == Array(UInt64.max - 9...UInt64.max))
        #expect(deliveries.map(\.offset) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
        #expect(deliveries.allSatisfy { $0.partition == 1 && $0.error == nil })
        let (a, b) = (try producer.topic("a"), try producer.topic("b"))
        #expect(a != b)
        #expect(deliveries.map(\.topic) == [a, b, a, b, a, b, a, b, a, b])
        #expect(try producer.partitionCount(a, timeout: .seconds(10)) == 2)
    }

    @Test func `a full queue is an outcome and empties by polling`() throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let producer = try cluster.producer(["queue.buffering.max.messages": "10", "linger.ms": "5"])
        var delivered = 0
        var full = 0
        for token in UInt64(0)..<100 {
            while try producer.send("t", 0, value: [1], token: token) == .queueFull {
                full += 1
                delivered += try producer.poll(timeout: .seconds(1)) { #expect($0.code == nil) }
            }
        }
        try producer.flush(timeout: .seconds(20)) { _ in delivered += 1 }
        #expect(full > 0)
        #expect(delivered == 100)
    }

    @Test func `headers of a message to a partition that does not exist are freed once`() throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let producer = try cluster.producer()
        #expect(try producer.partitionCount(producer.topic("t"), timeout: .seconds(10)) == 1)
        for _ in 0..<50 {
            let error = try #require(throws: KafkaError.self) {
                _ = try producer.send("t", 5, value: [1], headers: [MessageHeader("h", [1, 2, 3])])
            }
            #expect(error.code == .localUnknownPartition)
            #expect(error.subject == .partition(TopicPartition("t", 5)))
        }
        #expect(throws: KafkaError.self) { _ = try producer.send("t", -1, value: [1]) }
        #expect(throws: KafkaError.self) { _ = try producer.send("t", 0, value: [1], timestamp: -5) }
    }

    @Test func `purged messages are reported as purged`() throws {
        let producer = try Producer(KafkaConfiguration(["bootstrap.servers": "127.0.0.1:1"]))
        for token in UInt64(0)..<3 { _ = try producer.send("t", 0, value: [1], token: token) }
        #expect(producer.outstanding >= 3)
        #expect(try !producer.flush(timeout: .milliseconds(10)) { _ in })
        try producer.purge()
        var deliveries: [Delivery] = []
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(20)
        while deliveries.count < 3, clock.now < deadline {
            try producer.poll(timeout: .milliseconds(100)) { deliveries.append($0) }
        }
        #expect(deliveries.map(\.token).sorted() == [0, 1, 2])
        #expect(deliveries.allSatisfy { $0.code?.isPurge == true && $0.offset == -1 })
    }

    @Test func `a failed delivery carries its code`() throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let producer = try cluster.producer()
        cluster.failNext(apiKey: 0, [.messageTooLarge])
        _ = try producer.send("t", 0, value: [1], token: 3)
        var deliveries: [Delivery] = []
        try producer.flush(timeout: .seconds(20)) { deliveries.append($0) }
        #expect(deliveries.map(\.code) == [.messageTooLarge])
        #expect(deliveries.first?.error?.code == .messageTooLarge)
    }

    @Test func `the handler of deliveries may produce`() throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let producer = try cluster.producer()
        _ = try producer.send("t", 0, value: [0], token: 5)
        var tokens: [UInt64] = []
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(20)
        while tokens.count < 6, clock.now < deadline {
            try producer.poll(timeout: .milliseconds(100)) { delivery in
                tokens.append(delivery.token)
                if delivery.token > 0 {
                    #expect(throws: Never.self) { _ = try producer.send("t", 0, value: [0], token: delivery.token - 1) }
                }
            }
        }
        #expect(tokens == [5, 4, 3, 2, 1, 0])
    }

    @Test func `a handle of another producer is refused, and so is a closed producer`() throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let one = try cluster.producer()
        let handle = try one.topic("t")
        let other = try cluster.producer()
        let bytes: UnsafeRawBufferPointer? = nil
        let error = try #require(throws: KafkaError.self) {
            _ = try other.produce(to: handle, partition: 0, key: bytes, value: bytes)
        }
        #expect(error.code == .localUnknownTopic)
        #expect(one.close(limit: .seconds(10)))
        #expect(throws: KafkaError.self) { try one.poll(timeout: .zero) { _ in } }
    }
}
