import Swiftwater
import SwiftwaterTestKit
import Testing

let counts = QueryableStore.keyValue("counts", key: .string, value: .int64)

func countOf(_ word: String, in queries: any InteractiveQueries) throws -> Int64 {
    try queries.store(counts).value(of: word) ?? 0
}

@Suite struct QueryExamples {
    /// A driver with a few words counted; it answers as an application does.
    private func run(_ body: (TopologyTestDriver) throws -> Void) throws {
        let builder = StreamsBuilder()
        _ = builder.stream("words", key: .string, value: .string).groupByKey().count(as: "counts")
        try withTopologyTestDriver(try builder.build()) { driver in
            let words = try driver.inputTopic("words", key: .string, value: .string)
            try words.pipe([("hello", ""), ("hello", ""), ("and", ""), ("zebra", "")])
            try body(driver)
        }
    }

    @Test func `reading like a collection`() throws {
        try run { application in
            let store = application.store(counts)
            let hello = try store.value(of: "hello")
            let firsts = try store.range(to: "b").map(\.key)
            #expect(hello == 2)
            #expect(firsts == ["and"])
            #expect(try countOf("zebra", in: application) == 1)
        }
    }

    @Test func `asking`() throws {
        try run { application in
            let result = try application.query(counts, .key("hello"))
            for partition in result.partitions {
                switch partition.outcome {
                case .success(let count): print(partition.partition, count ?? 0, "as of", partition.position)
                case .failure(let failure): print(partition.partition, failure.reason, failure.message)
                }
            }
            #expect(try result.onlyAnswer == 2)
            let old = try application.query(counts, .key("hello"), includingStale: true)
            #expect(try old.onlyAnswer == 2)
        }
    }

    @Test func `a query of one's own`() throws {
        try run { application in
            let share = StateQuery<ReadOnlyKeyValueStore<String, Int64>, Double> { counts in
                let all = try counts.all().reduce(0) { $0 + $1.value }
                let hello = try counts.value(of: "hello") ?? 0
                return all == 0 ? 0 : Double(hello) / Double(all)
            }
            let shares = try application.query(counts, share).allAnswers
            #expect(shares == [0.5])
        }
    }

    @Test func `placements and bounds`() throws {
        let byRegion = QueryableStore.keyValue(
            "orders-by-region", key: .string, value: .int64,
            placement: .by { region, count in region == "eu" ? 0 : count - 1 })
        let anywhere = QueryableStore.keyValue("seen", key: .string, value: .string, placement: .anywhere)
        let builder = StreamsBuilder()
        _ = builder.stream("orders", key: .string, value: .string).groupByKey().count(as: "orders-by-region")
        _ = builder.table("sightings", key: .string, value: .string, as: "seen")
        try withTopologyTestDriver(try builder.build()) { driver in
            try driver.inputTopic("orders", key: .string, value: .string).pipe([("eu", ""), ("us", ""), ("eu", "")])
            try driver.inputTopic("sightings", key: .string, value: .string).pipe("owl", "night")
            #expect(try driver.query(byRegion, .key("eu")).onlyAnswer == 2)
            #expect(try driver.query(byRegion, .key("us")).onlyAnswer == 1)
            #expect(try driver.query(anywhere, .key("owl")).onlyAnswer == "night")
        }
        try run { application in
            let mine = Position([TopicPartition("orders", 3): 17])
            let fresh = try application.query(counts, .key("hello"), atLeast: mine)
            #expect(try fresh.onlyAnswer == 2)
        }
    }
}
