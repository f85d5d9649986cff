import Swiftwater
import SwiftwaterKafka
import SwiftwaterTestKit
import Testing

@Suite struct ErrorExamples {
    /// Numbers of which every function but one can be made use of.
    private func topology() throws -> Topology {
        struct Refused: Error {}
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .int64)
            .mapValues { number in
                if number < 0 { throw Refused() }
                return number
            }
            .to("out", key: .string, value: .int64)
        return try builder.build()
    }

    @Test func `handlers of an application`() throws {
        var configuration = StreamsConfiguration(applicationID: "orders", bootstrapServers: ["localhost:9092"])
        configuration.deserializationHandler = .logAndContinue
        configuration.processingHandler = .logAndContinue
        configuration.deadLetterTopic = "orders-dead-letters"
        try configuration.validate()
        try withTopologyTestDriver(
            try topology(), deserializationHandler: configuration.deserializationHandler,
            processingHandler: configuration.processingHandler, deadLetterTopic: configuration.deadLetterTopic
        ) { driver in
            try driver.inputTopic("in", key: .string, value: .string).pipe("a", "no number", timestamp: 1)
            let numbers = try driver.inputTopic("in", key: .string, value: .int64)
            try numbers.pipe("b", -1, timestamp: 2)
            try numbers.pipe("c", 7, timestamp: 3)
            #expect(try driver.outputTopic("out", key: .string, value: .int64).readKeyValuesToMap() == ["c": 7])
            let letters = try driver.outputTopic("orders-dead-letters", key: .string, value: .bytes)
            #expect(try letters.readRecords().map(\.key) == ["a", "b"])
        }
    }

    @Test func `a handler of one's own`() throws {
        struct SkipTooOld: DeserializationExceptionHandler {
            func handle(_ failure: DeserializationFailure) -> ExceptionResponse {
                failure.origin.timestamp < 1_700_000_000_000 ? .resume(deadLetters: []) : .fail
            }
        }
        try withTopologyTestDriver(
            try topology(), deserializationHandler: SkipTooOld(), deadLetterTopic: "dead-letters"
        ) { driver in
            let broken = try driver.inputTopic("in", key: .string, value: .string)
            try broken.pipe("old", "no number", timestamp: 1_699_999_999_999)
            #expect(driver.droppedRecords == [.deserialization: 1])
            #expect(try driver.outputTopic("dead-letters", key: .string, value: .bytes).isEmpty)
            let error = #expect(throws: StreamsError.self) {
                try broken.pipe("new", "no number", timestamp: 1_700_000_000_000)
            }
            #expect(error?.code == .deserialization)
        }
    }
}
