import RDKafka
import Synchronization
import Testing

/// Faults on demand, as librdkafka sees them; never a cluster of the user.
@Suite(.integration, .enabled(if: TestCluster.given == nil, "is about the embedded broker"))
struct FaultTests {
    private static let records = (0..<20).map { Sent.text("value \($0)") }
    private static let idempotent = ["enable.idempotence": "true", "retry.backoff.ms": "20"]

    private func values(_ broker: FaultyBroker, _ topic: String) async throws -> [String] {
        try await broker.cluster.records(of: topic).compactMap(\.text)
    }

    private var expected: [String] { Self.records.compactMap { $0.value.map { String(decoding: $0, as: UTF8.self) } } }

    @Test(.timeLimit(.minutes(2)), arguments: ["refuse 6", "cut", "lose-answer", "misreport 7"])
    func `an idempotent producer survives it and writes each record once`(fault: String) async throws {
        try await FaultyBroker.with { broker in
            let topic = try await broker.cluster.topic("faults")
            let id = try await broker.tell("\(fault) api=Produce topic=\(topic) count=3")
            try await broker.cluster.send(Self.records, to: topic, Self.idempotent)
            #expect(try await broker.tell("taken \(id)") == 3)
            #expect(try await values(broker, topic) == expected)
        }
    }

    @Test(.timeLimit(.minutes(2))) func `DUPLICATE_SEQUENCE_NUMBER after the append is a success to the producer`()
        async throws
    {
        try await FaultyBroker.with { broker in
            let topic = try await broker.cluster.topic("faults")
            let id = try await broker.tell("misreport 46 api=Produce count=1")
            try await broker.cluster.send(Self.records, to: topic, Self.idempotent)
            #expect(try await broker.tell("taken \(id)") == 1)
            #expect(try await values(broker, topic) == expected)
        }
    }

    @Test(.timeLimit(.minutes(2))) func `without idempotence an append whose answer is lost is done twice`()
        async throws
    {
        try await FaultyBroker.with { broker in
            let topic = try await broker.cluster.topic("faults")
            try await broker.tell("lose-answer api=Produce count=1")
            try await broker.cluster.send([.text("a")], to: topic, ["retry.backoff.ms": "20"])
            #expect(try await values(broker, topic) == ["a", "a"])
        }
    }

    @Test(.timeLimit(.minutes(2))) func `faults choose by client id, topic and kind of request`() async throws {
        try await FaultyBroker.with { broker in
            let topic = try await broker.cluster.topic("chosen")
            let ids = [
                try await broker.tell("refuse 29 api=Produce client=bad-"),
                try await broker.tell("refuse 29 api=Produce topic=another"),
                try await broker.tell("refuse 29 api=CreateTopics client=good-"),
            ]
            try await broker.cluster.send([.text("a")], to: topic, ["client.id": "good-1"])
            let refused = await #expect(throws: KafkaError.self) {
                try await broker.cluster.send([.text("b")], to: topic, ["client.id": "bad-1"])
            }
            #expect(refused?.code == .topicAuthorizationFailed)
            try await broker.tell("clear")
            try await broker.cluster.send([.text("c")], to: topic, ["client.id": "bad-1"])
            #expect(try await values(broker, topic) == ["a", "c"])
            var taken: [Int] = []
            for id in ids { taken.append(try await broker.tell("taken \(id)")) }
            #expect(taken == [1, 0, 0])
        }
    }

    @Test(.timeLimit(.minutes(2))) func `a delayed answer comes after its time, and a held one after the hold`()
        async throws
    {
        try await FaultyBroker.with { broker in
            let topic = try await broker.cluster.topic("slow")
            try await broker.tell("delay 300ms api=Produce count=1")
            let clock = ContinuousClock()
            let start = clock.now
            try await broker.cluster.send([.text("a")], to: topic)
            #expect(clock.now - start >= .milliseconds(300))

            let hold = try await broker.tell("hold client=held-")
            async let held: Void = broker.cluster.send([.text("b")], to: topic, ["client.id": "held-1"])
            try await eventually("a request is held") { try await broker.tell("taken \(hold)") > 0 }
            try await broker.cluster.send([.text("c")], to: topic, ["client.id": "free-1"])
            #expect(try await values(broker, topic) == ["a", "c"])
            try await broker.tell("clear")
            try await held
            #expect(try await values(broker, topic) == ["a", "c", "b"])
        }
    }

    @Test(.timeLimit(.minutes(2))) func `a consumer whose connections are cut goes on where it was`() async throws {
        try await FaultyBroker.with { broker in
            let cluster = broker.cluster
            let topic = try await cluster.topic("cut")
            let state = Mutex((texts: [String](), isDone: false))
            async let reading: Void = Blocking.run {
                let consumer = try cluster.consumer(["client.id": "reader", "fetch.wait.max.ms": "10000"])
                try consumer.assign([PartitionOffset(TopicPartition(topic, 0), KafkaOffset.beginning)])
                while !state.withLock({ $0.isDone }) {
                    _ = try consumer.poll(timeout: .milliseconds(100)) { message in
                        let text = Received(message, of: consumer).text ?? ""
                        state.withLock { $0.texts.append(text) }
                    }
                }
                consumer.close(limit: .seconds(5))
            }
            let texts = ["a", "b", "c"]
            for (index, text) in texts.enumerated() {
                try await cluster.send([.text(text)], to: topic, ["client.id": "writer"])
                try await eventually("record \(text)") { state.withLock { $0.texts.count } == index + 1 }
                #expect(try await broker.tell("disconnect client=read") > 0)
            }
            #expect(state.withLock { $0.texts } == texts)
            state.withLock { $0.isDone = true }
            try await reading
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a line that is no fault is answered with what is wrong`() async throws {
        try await FaultyBroker.with { broker in
            for line in ["", "break", "refuse", "refuse x", "delay 5", "cut api=Nothing", "cut count=0", "cut now"] {
                await #expect(throws: ChildError.self, "\(line)") { try await broker.tell(line) }
            }
            let cut = try await broker.tell("disconnect")
            #expect(cut == 0)
        }
    }
}
