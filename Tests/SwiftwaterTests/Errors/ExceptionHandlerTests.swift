import Swiftwater
import Synchronization
import Testing

@Suite struct ExceptionHandlerTests {
    private struct Broken: Error {}

    /// Answers with what it was made of.
    private struct Processing: ProcessingExceptionHandler {
        var answer: @Sendable (ProcessingFailure) throws -> ExceptionResponse

        func handle(_ failure: ProcessingFailure) throws -> ExceptionResponse { try answer(failure) }
    }

    private struct Production: ProductionExceptionHandler {
        var answer: @Sendable (ProductionFailure) throws -> ProductionExceptionResponse

        func handle(_ failure: ProductionFailure) throws -> ProductionExceptionResponse { try answer(failure) }
    }

    /// Fails for the value "boom" in one of two branches.
    private func branching() -> StreamsBuilder {
        let builder = StreamsBuilder()
        let stream = builder.stream("in", key: .string, value: .string)
        stream.mapValues(named: "risky") { (value: String) throws -> String in
            if value == "boom" { throw Broken() }
            return value
        }.to("risky-out", key: .string, value: .string)
        stream.to("out", key: .string, value: .string)
        return builder
    }

    @Test func `E-02 a record for which a function threw is left out at that operator, and counted`() throws {
        let engine = try EngineFixture(branching()) { $0.processingHandler = .logAndContinue }
        try engine.add("in", [("k", "a", 1), ("k", "boom", 2), ("k", "b", 3)])
        #expect(try engine.task.process(limit: 10) == 3)
        #expect(engine.sent(to: "risky-out") == ["k=a@1", "k=b@3"])
        #expect(engine.sent(to: "out") == ["k=a@1", "k=boom@2", "k=b@3"])
        #expect(engine.task.context.dropped.byReason == [.processing: 1])
        #expect(engine.task.committableOffsets { _ in nil }[TopicPartition("in", 0)]?.offset == 3)
    }

    @Test func `E-02 E-05 the handler is told the record, its bytes, the node and the place`() throws {
        let asked = Mutex(0)
        let engine = try EngineFixture(branching()) {
            $0.processingHandler = Processing { failure in
                asked.withLock { $0 += 1 }
                #expect(failure.node == "risky")
                #expect(failure.task == TaskID(subtopology: 0, partition: 0))
                #expect(failure.error is Broken)
                #expect(failure.record?.value as? String == "boom")
                #expect(failure.origin.metadata == RecordMetadata(topic: "in", partition: 0, offset: 41))
                #expect(failure.origin.rawKey == Array("k".utf8))
                #expect(failure.origin.rawValue == Array("boom".utf8))
                #expect(failure.origin.timestamp == 7)
                return .resume
            }
        }
        try engine.add("in", from: 41, [("k", "boom", 7), ("k", "next", 8)])
        _ = try engine.task.process(limit: 1)
        #expect(asked.withLock { $0 } == 1)
    }

    @Test func `E-02 an error that passes through several operators is handled once, where it happened`() throws {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .string)
            .peek(named: "before") { _, _ in }
            .filter(named: "between") { _, _ in true }
            .foreach(named: "risky") { _, _ in throw Broken() }
        let engine = try EngineFixture(builder)
        try engine.add("in", [("k", "v", 1)])
        let error = #expect(throws: StreamsError.self) { try engine.task.process(limit: 1) }
        #expect(error?.place.node == "risky")
        #expect(error?.cause is Broken)
        #expect(engine.task.context.dropped.total == 0)
    }

    /// A serde of texts that cannot write, or not read, "boom".
    private static let fragile = Serde<String> { text, bytes in
        if text == "boom" { throw Broken() }
        bytes.append(utf8: text)
    } deserialize: { bytes in
        let text = bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        if text == "boom" { throw Broken() }
        return text
    }

    private struct Deserialization: DeserializationExceptionHandler {
        var answer: @Sendable (DeserializationFailure) throws -> ExceptionResponse

        func handle(_ failure: DeserializationFailure) throws -> ExceptionResponse { try answer(failure) }
    }

    private struct Serialization: ProductionExceptionHandler {
        var answer: @Sendable (SerializationFailure) throws -> ExceptionResponse

        func handle(_ failure: ProductionFailure) -> ProductionExceptionResponse { .fail }
        func handle(_ failure: SerializationFailure) throws -> ExceptionResponse { try answer(failure) }
    }

    @Test func `E-01 E-05 the handler of a record that cannot be read is told its place, time, headers and bytes`()
        throws
    {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: Self.fragile, named: "source").to("out", key: .string, value: .string)
        let asked = Mutex(0)
        let engine = try EngineFixture(builder) {
            $0.deserializationHandler = Deserialization { failure in
                asked.withLock { $0 += 1 }
                #expect(failure.node == "source")
                #expect(failure.task == TaskID(subtopology: 0, partition: 0))
                #expect(failure.error is Broken)
                #expect(
                    failure.origin
                        == RecordOrigin(
                            metadata: RecordMetadata(topic: "in", partition: 0, offset: 8), timestamp: 7,
                            headers: ["trace": "t"], rawKey: Array("k".utf8), rawValue: Array("boom".utf8)))
                return .resume
            }
        }
        let batch = RecordBatch()
        batch.append(
            offset: 8, timestamp: 7, key: Array("k".utf8), value: Array("boom".utf8), headers: ["trace": "t"])
        try engine.task.queue(for: TopicPartition("in", 0))?.add(batch)
        #expect(asked.withLock { $0 } == 1)
    }

    @Test
    func `E-03 E-05 the handler of a record that cannot be written is told which of key and value, and the record`()
        throws
    {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .string)
            .to("out", key: Self.fragile, value: Self.fragile, named: "sink")
        let components = Mutex<[SerdeContext.Component]>([])
        let engine = try EngineFixture(builder) {
            $0.productionHandler = Serialization { failure in
                components.withLock { $0.append(failure.component) }
                #expect(failure.topic == "out")
                #expect(failure.node == "sink")
                #expect(failure.error is Broken)
                #expect(failure.record.key as? String == (failure.component == .key ? "boom" : "k"))
                #expect(failure.record.value as? String == (failure.component == .key ? "v" : "boom"))
                #expect(failure.origin.metadata?.offset == (failure.component == .key ? 0 : 1))
                return .resume
            }
        }
        try engine.add("in", [("boom", "v", 1), ("k", "boom", 2), ("k", "v", 3)])
        _ = try engine.task.process(limit: 3)
        #expect(components.withLock { $0 } == [.key, .value])
        #expect(engine.sent(to: "out") == ["k=v@3"])
        #expect(engine.task.context.dropped.byReason == [.production: 2])
    }

    @Test func `E-06 handlers of reading, writing and sending that throw end the task with both errors`() throws {
        struct Confused: Error {}
        func failure(_ change: (inout TaskSettings) -> Void, refusing: Bool = false) throws -> StreamsError? {
            let builder = StreamsBuilder()
            builder.stream("in", key: Self.fragile, value: .string).to("out", key: .string, value: Self.fragile)
            let engine = try EngineFixture(builder, change)
            engine.output.refusal = { _ in
                refusing ? UndeliverableRecord(cause: Broken(), isRetriable: true) : nil
            }
            return #expect(throws: StreamsError.self) {
                // The key cannot be read, or else the value cannot be written, or else the record cannot be sent.
                try engine.add("in", [("boom", "v", 1)])
                try engine.add("in", from: 1, [("k", refusing ? "v" : "boom", 2)])
                _ = try engine.task.process(limit: 1)
            }
        }
        let errors = [
            try failure { $0.deserializationHandler = Deserialization { _ in throw Confused() } },
            try failure {
                $0.deserializationHandler = .logAndContinue
                $0.productionHandler = Serialization { _ in throw Confused() }
            },
            try failure(
                {
                    $0.deserializationHandler = .logAndContinue
                    $0.productionHandler = Production { _ in throw Confused() }
                }, refusing: true),
        ]
        for error in errors {
            #expect(error?.message.contains("Confused") == true)
            #expect(error?.cause is Broken)
        }
    }

    @Test func `E-06 a handler of processing that throws ends the task with both errors`() throws {
        struct Confused: Error {}
        let engine = try EngineFixture(branching()) { $0.processingHandler = Processing { _ in throw Confused() } }
        try engine.add("in", [("k", "boom", 1)])
        let error = #expect(throws: StreamsError.self) { try engine.task.process(limit: 1) }
        #expect(error?.code == .processing)
        #expect(error?.message.contains("Confused") == true)
        #expect(error?.cause is Broken)
    }

    @Test func `E-03 a value that cannot be written fails with the topic, or is left out`() throws {
        let builder = StreamsBuilder()
        let unwritable = Serde<String> { value, bytes in
            if value == "boom" { throw Broken() }
            bytes.append(contentsOf: Array(value.utf8))
        } deserialize: { _ in
            ""
        }
        builder.stream("in", key: .string, value: .string).to("out", key: .string, value: unwritable)
        let failing = try EngineFixture(builder)
        try failing.add("in", [("k", "boom", 1)])
        let error = #expect(throws: StreamsError.self) { try failing.task.process(limit: 1) }
        #expect(error?.code == .serialization)
        #expect(error?.place.topic == "out")
        #expect(error?.place.node == "KSTREAM-SINK-0000000001")

        let going = try EngineFixture(builder) { $0.productionHandler = .logAndContinue }
        try going.add("in", [("k", "boom", 1), ("k", "fine", 2)])
        _ = try going.task.process(limit: 2)
        #expect(going.sent(to: "out") == ["k=fine@2"])
        #expect(going.task.context.dropped.byReason == [.production: 1])
    }

    @Test func `S-100 E-03 E-08 a record that cannot be sent is left out, and its offset is committed`() throws {
        let engine = try EngineFixture(branching()) { $0.productionHandler = .logAndContinue }
        engine.output.refusal = { $0 == "out" ? UndeliverableRecord(cause: Broken(), isRetriable: false) : nil }
        try engine.add("in", [("k", "v", 1)])
        _ = try engine.task.process(limit: 1)
        #expect(engine.sent(to: "risky-out") == ["k=v@1"])
        #expect(engine.sent(to: "out").isEmpty)
        #expect(engine.task.context.dropped.byReason == [.production: 1])
        #expect(engine.task.committableOffsets { _ in nil }[TopicPartition("in", 0)]?.offset == 1)
    }

    @Test func `E-03 retry sends again what may pass and fails what may not`() throws {
        let engine = try EngineFixture(branching()) { $0.productionHandler = Production { _ in .retry } }
        var refusals = 2
        engine.output.refusal = { topic in
            if topic != "out" || refusals == 0 { return nil }
            refusals -= 1
            return UndeliverableRecord(cause: Broken(), isRetriable: true)
        }
        try engine.add("in", [("k", "v", 1), ("k", "w", 2)])
        _ = try engine.task.process(limit: 1)
        #expect(engine.sent(to: "out") == ["k=v@1"])
        engine.output.refusal = { _ in UndeliverableRecord(cause: Broken(), isRetriable: false) }
        let error = #expect(throws: StreamsError.self) { try engine.task.process(limit: 1) }
        #expect(error?.code == .production)
        #expect(error?.place.topic == "risky-out")
    }

    @Test func `E-03 by default what may pass is sent again and the rest fails`() {
        func failure(isRetriable: Bool) -> ProductionFailure {
            ProductionFailure(
                origin: RecordOrigin(metadata: nil, timestamp: 0),
                task: TaskID(subtopology: 0, partition: 0),
                node: "sink",
                error: Broken(),
                topic: "out",
                partition: 0,
                key: nil,
                value: nil,
                isRetriable: isRetriable
            )
        }
        #expect(DefaultProductionHandler().handle(failure(isRetriable: true)) == .retry)
        #expect(DefaultProductionHandler().handle(failure(isRetriable: false)) == .fail)
    }

    @Test func `E-02 when a cache is emitted there is no record that was read`() throws {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .string).groupByKey().count(as: "counts").toStream()
            .foreach(named: "risky") { _, _ in throw Broken() }
        let engine = try EngineFixture(builder) {
            $0.processingHandler = Processing { failure in
                #expect(failure.origin.metadata == nil)
                #expect(failure.origin.rawValue == nil)
                #expect(failure.record?.value as? Int64 == 1)
                #expect(failure.origin.timestamp == 5)
                return .resume
            }
        }
        try engine.add("in", [("k", "v", 5)])
        _ = try engine.task.process(limit: 1)
        try engine.commit()
        #expect(engine.task.context.dropped.byReason == [.processing: 1])
    }
}
