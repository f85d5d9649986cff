import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct UnreadableVersionTests {
    private func totals(_ value: Serde<Int64>) throws -> Topology {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: value).to("out", key: .string, value: .int64)
        return try builder.build()
    }

    @Test func `X-16 E-01 a record of a newer form goes to the handler, its bytes to the dead-letter topic`() throws {
        let driver = try TopologyTestDriver(
            try totals(SerdeVersions(.string).next(.int64) { Int64($0) ?? 0 }.serde),
            deserializationHandler: .logAndContinue,
            deadLetterTopic: "letters"
        )
        let input = try driver.inputTopic("in", key: .string, value: .bytes)
        try input.pipe("old", [1] + Array("41".utf8))
        try input.pipe("newer", [3, 1, 2, 3])
        try input.pipe("new", [2, 0, 0, 0, 0, 0, 0, 0, 42])
        #expect(try driver.outputTopic("out", key: .string, value: .int64).readValues() == [41, 42])
        let letter = try driver.outputTopic("letters", key: .string, value: .bytes).readRecord()
        #expect(letter.key == "newer")
        #expect(letter.value == [3, 1, 2, 3])
        let exception = letter.headers.last(named: "__streams.errors.exception")?.value ?? []
        #expect(String(decoding: exception, as: UTF8.self).hasPrefix("SerdeVersionError: version 3 is newer"))
        #expect(driver.droppedRecords == [.deserialization: 1])
    }

    @Test func `E-01 a serde that throws a StreamsError says that the record is not at fault, no handler is asked`()
        throws
    {
        let error = StreamsError(.timeout, "the registry does not answer")
        let driver = try TopologyTestDriver(
            try totals(
                Serde { _, _ in
                } deserialize: { _ in
                    throw error
                }),
            deserializationHandler: .logAndContinue,
            deadLetterTopic: "letters"
        )
        let input = try driver.inputTopic("in", key: .string, value: .bytes)
        let thrown = #expect(throws: StreamsError.self) { try input.pipe("k", [1]) }
        #expect(thrown?.code == .timeout)
        #expect(driver.droppedRecords.isEmpty)
    }
}
