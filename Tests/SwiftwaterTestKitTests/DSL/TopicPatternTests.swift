import Swiftwater
import SwiftwaterTestKit
import Testing

/// Sources that read whatever topics match.
@Suite struct TopicPatternTests {
    private func copying(_ change: (StreamsBuilder) -> Void = { _ in }) -> StreamsBuilder {
        let builder = StreamsBuilder()
        builder.stream(matching: "orders-.*", key: .string, value: .string).to("out", key: .string, value: .string)
        change(builder)
        return builder
    }

    @Test func `B-01 a source reads all topics that match as one stream, and no others`() throws {
        let existing = ["orders-eu", "orders-us", "old-orders-eu", "orders"]
        let driver = try TopologyTestDriver(copying().build(), existingTopics: existing)
        for topic in ["orders-eu", "orders-us"] {
            try driver.inputTopic(topic, key: .string, value: .string).pipe("a", topic)
        }
        for topic in ["old-orders-eu", "orders"] {
            let error = #expect(throws: StreamsError.self) {
                _ = try driver.inputTopic(topic, key: .string, value: .string)
            }
            #expect(error?.code == .missingTopic)
        }
        #expect(
            try driver.outputTopic("out", key: .string, value: .string).readValues() == ["orders-eu", "orders-us"])
        try driver.close()
    }

    @Test func `B-01 a pattern is printed as Kafka Streams prints it, and twice the same is one source`() throws {
        let builder = copying {
            $0.stream(matching: "orders-.*", key: .string, value: .string).to("too", key: .string, value: .string)
        }
        let text = try builder.build().describe()
        #expect(text.contains("Source: KSTREAM-SOURCE-0000000000 (topics: orders-.*)"))
        #expect(!text.contains("KSTREAM-SOURCE-0000000002"))
    }

    @Test func `B-01 a topic that is read by its name must not match a pattern`() throws {
        for isPatternFirst in [true, false] {
            let builder = StreamsBuilder()
            let reads: [() -> Void] = [
                { _ = builder.stream(matching: "orders-.*", key: .string, value: .string) },
                { _ = builder.stream("orders-eu", key: .string, value: .string) },
            ]
            for read in isPatternFirst ? reads : reads.reversed() { read() }
            let error = #expect(throws: StreamsError.self) { try builder.build() }
            #expect(error?.code == .invalidTopology)
            #expect(error?.place.topic == "orders-eu")
        }
    }

    @Test func `B-01 a topic of two patterns, a pattern without topics, and what is no pattern are refused`() throws {
        let two = copying {
            $0.stream(matching: ".*-eu", key: .string, value: .string).to("too", key: .string, value: .string)
        }
        let overlap = #expect(throws: StreamsError.self) {
            _ = try TopologyTestDriver(two.build(), existingTopics: ["orders-us", "orders-eu", "clicks-eu"])
        }
        #expect(overlap?.code == .invalidTopology)
        #expect(overlap?.place.topic == "orders-eu")
        let none = #expect(throws: StreamsError.self) {
            _ = try TopologyTestDriver(copying().build(), existingTopics: ["clicks"])
        }
        #expect(none?.code == .missingTopic)
        let wrong = StreamsBuilder()
        wrong.stream(matching: "orders-[", key: .string, value: .string).to("out", key: .string, value: .string)
        let error = #expect(throws: StreamsError.self) { try wrong.build() }
        #expect(error?.code == .invalidTopology)
    }
}
