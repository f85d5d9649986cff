import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct DeadLetterTests {
    private struct Broken: Error, CustomStringConvertible {
        var description: String { "out of order" }
    }

    private struct Own: ProcessingExceptionHandler {
        var response: ExceptionResponse

        func handle(_ failure: ProcessingFailure) -> ExceptionResponse { response }
    }

    private func numbers() throws -> Topology {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .int64)
            .mapValues(named: "risky") { (value: Int64) throws -> Int64 in
                if value < 0 { throw Broken() }
                return value * 2
            }
            .to("out", key: .string, value: .int64)
        return try builder.build()
    }

    private func text(_ record: Record<String, [UInt8]>, _ name: String) -> String? {
        record.headers.last(named: name)?.value.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `E-04 a record that cannot be read goes to the dead-letter topic as it was, with what happened`() throws
    {
        let driver = try TopologyTestDriver(
            try numbers(),
            deserializationHandler: .logAndContinue,
            deadLetterTopic: "letters"
        )
        let raw = try driver.inputTopic("in", key: .string, value: .string)
        try raw.pipe(Record(key: "k", value: "8 bytes.", timestamp: 1))
        try raw.pipe(Record(key: "k", value: "poison", timestamp: 2, headers: ["trace": "t1"]))
        let letters = try driver.outputTopic("letters", key: .string, value: .bytes)
        let letter = try letters.readRecord()
        #expect(letters.isEmpty)
        #expect(letter.key == "k")
        #expect(letter.value == Array("poison".utf8))
        #expect(letter.timestamp == 2)
        #expect(
            letter.headers.map(\.name) == [
                "trace", "__streams.errors.exception", "__streams.errors.message", "__streams.errors.stacktrace",
                "__streams.errors.topic", "__streams.errors.partition", "__streams.errors.offset",
            ])
        #expect(text(letter, "trace") == "t1")
        #expect(text(letter, "__streams.errors.exception")?.hasPrefix("SerdeError: ") == true)
        #expect(text(letter, "__streams.errors.topic") == "in")
        #expect(text(letter, "__streams.errors.partition") == "0")
        #expect(text(letter, "__streams.errors.offset") == "1")
        #expect(driver.droppedRecords == [.deserialization: 1])
        try driver.close(allowingUnreadOutput: true)
    }

    @Test func `E-04 behind several operators the letter is still the record that was read`() throws {
        let driver = try TopologyTestDriver(
            try numbers(),
            processingHandler: .logAndContinue,
            deadLetterTopic: "letters"
        )
        try driver.inputTopic("in", key: .string, value: .int64).pipe(Record(key: "k", value: -7, timestamp: 3))
        let letter = try driver.outputTopic("letters", key: .string, value: .bytes).readRecord()
        #expect(letter.value == (try Serde<Int64>.int64.serialize(-7)))
        #expect(text(letter, "__streams.errors.message") == "out of order")
        #expect(text(letter, "__streams.errors.stacktrace")?.contains("at node risky") == true)
        #expect(driver.droppedRecords == [.processing: 1])
        try driver.close()
    }

    @Test func `E-04 the letter is sent also when the application ends`() throws {
        let driver = try TopologyTestDriver(try numbers(), deadLetterTopic: "letters")
        let input = try driver.inputTopic("in", key: .string, value: .int64)
        #expect(throws: StreamsError.self) { try input.pipe("k", -7) }
        let letters = try driver.outputTopic("letters", key: .string, value: .int64)
        #expect(try letters.readRecord().value == -7)
    }

    @Test func `E-04 a handler may write letters of its own, or none`() throws {
        let own = DeadLetter(topic: "mine", key: nil, value: [1, 2], timestamp: 9, headers: ["why": "because"])
        let driver = try TopologyTestDriver(
            try numbers(),
            processingHandler: Own(response: .resume(deadLetters: [own])),
            deadLetterTopic: "letters"
        )
        try driver.inputTopic("in", key: .string, value: .int64).pipe("k", -7)
        let mine = try driver.outputTopic("mine", key: .optional(.string), value: .bytes).readRecord()
        #expect(mine == Record(key: nil, value: [1, 2], timestamp: 9, headers: ["why": "because"]))
        #expect(try driver.outputTopic("letters", key: .string, value: .bytes).isEmpty)
        try driver.close()

        let silent = try TopologyTestDriver(
            try numbers(),
            processingHandler: Own(response: .resume(deadLetters: [])),
            deadLetterTopic: "letters"
        )
        try silent.inputTopic("in", key: .string, value: .int64).pipe("k", -7)
        #expect(silent.producedTopicNames.isEmpty)
        try silent.close()
    }
}
