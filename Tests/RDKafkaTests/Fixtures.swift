import RDKafka

/// A message out of its fetch buffer, for comparing.
struct Received: Equatable {
    var partition: TopicPartition
    var offset: Int64
    var timestamp: Int64
    var key: [UInt8]?
    var value: [UInt8]?
    var headers: [MessageHeader]

    var text: String? { value.map { String(decoding: $0, as: UTF8.self) } }
}

extension Consumer {
    /// Polls until the condition holds over everything received so far, or the time is over; answers rebalances by `answer`.
    func collect(
        for limit: Duration = .seconds(20), until done: ([Received], [ConsumerEvent]) -> Bool,
        answer: (ConsumerEvent) throws -> Void = { _ in }
    ) throws -> (messages: [Received], events: [ConsumerEvent]) {
        var messages: [Received] = []
        var events: [ConsumerEvent] = []
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        while !done(messages, events), clock.now < deadline {
            _ = try poll(timeout: .milliseconds(100)) { messages.append(copy($0)) }
            while let event = nextEvent() {
                events.append(event)
                try answer(event)
            }
        }
        return (messages, events)
    }

    func copy(_ message: borrowing Message) -> Received {
        Received(
            partition: partition(numbered: message.partitionNumber), offset: message.offset,
            timestamp: message.timestamp, key: message.keyBytes.map { Array($0) },
            value: message.valueBytes.map { Array($0) }, headers: message.headers)
    }

    func assign(_ topic: String, _ partitions: ClosedRange<Int32>, at offset: Int64 = KafkaOffset.beginning) throws {
        try assign(partitions.map { PartitionOffset(TopicPartition(topic, $0), offset) })
    }
}

extension Producer {
    func send(
        _ topic: String, _ partition: Int32, key: [UInt8]? = nil, value: [UInt8]?, headers: [MessageHeader] = [],
        timestamp: Int64? = nil, token: UInt64 = 0
    ) throws -> ProduceOutcome {
        let handle = try self.topic(topic)
        func produce(_ key: UnsafeRawBufferPointer?, _ value: UnsafeRawBufferPointer?) throws -> ProduceOutcome {
            try self.produce(
                to: handle, partition: partition, key: key, value: value, headers: headers, timestamp: timestamp,
                token: token)
        }
        return try (key ?? []).withUnsafeBytes { keyBytes in
            try (value ?? []).withUnsafeBytes { valueBytes in
                try produce(key == nil ? nil : keyBytes, value == nil ? nil : valueBytes)
            }
        }
    }

    /// Produces texts to a partition and waits until they are there.
    func fill(_ topic: String, _ partition: Int32, _ texts: some Sequence<String>) throws {
        for text in texts { _ = try send(topic, partition, value: Array(text.utf8)) }
        try flush(timeout: .seconds(20)) { _ in }
    }
}

extension MockCluster {
    func consumer(_ group: String, _ more: [String: String] = [:], batchSize: Int = 1000) throws -> Consumer {
        let own = [
            "bootstrap.servers": bootstrapServers, "group.id": group, "auto.offset.reset": "earliest",
            "fetch.wait.max.ms": "50", "session.timeout.ms": "6000", "heartbeat.interval.ms": "500",
        ]
        return try Consumer(KafkaConfiguration(more.merging(own) { more, _ in more }), batchSize: batchSize)
    }

    func producer(_ more: [String: String] = [:]) throws -> Producer {
        let own = ["bootstrap.servers": bootstrapServers, "linger.ms": "1"]
        return try Producer(KafkaConfiguration(more.merging(own) { more, _ in more }))
    }
}
