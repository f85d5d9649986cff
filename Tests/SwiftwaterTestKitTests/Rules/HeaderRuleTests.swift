import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct HeaderRuleTests {
    /// What was written as `key=value`, with the header `from` behind it; each record has its value as that header.
    private func run(_ builder: StreamsBuilder, isCachingEnabled: Bool = true, _ inputs: [RuleRun.Input]) throws
        -> [String]
    {
        let driver = try TopologyTestDriver(try builder.build(), isCachingEnabled: isCachingEnabled)
        for input in inputs {
            try driver.inputTopic(input.topic, key: .optional(.string), value: .optional(.string))
                .pipe(input.key, input.value, timestamp: input.time, headers: ["from": input.value ?? "null"])
        }
        let records = try driver.outputTopic("out", key: .optional(.string), value: .optional(.string)).readRecords()
        return records.map { record in
            let header = record.headers.last(named: "from")?.value.map { String(decoding: $0, as: UTF8.self) }
            return "\(record.key ?? "null")=\(record.value ?? "null") from \(header ?? "nothing")"
        }
    }

    @Test func `S-105 operators without state hand headers on`() throws {
        let builder = StreamsBuilder()
        builder.texts("in").map { key, value in ("x\(key ?? "")", "\(value ?? "")!") }
            .flatMapValues { [$0, $0] }
            .to("out", key: .string, value: .string)
        #expect(try run(builder, [("in", "k", "v", 0)]) == ["xk=v! from v", "xk=v! from v"])
    }

    @Test func `S-105 aggregates and tables have the headers of the record that changed them`() throws {
        for isCachingEnabled in [true, false] {
            let aggregate = StreamsBuilder()
            aggregate.texts("in").groupByKey(key: .string).reduce(as: "s") { $0 + $1 }.toStream()
                .to("out", key: .string, value: .string)
            let inputs: [RuleRun.Input] = [("in", "k", "a", 5), ("in", "k", "b", 3)]
            #expect(
                try run(aggregate, isCachingEnabled: isCachingEnabled, inputs) == ["k=a from a", "k=ab from b"])
            let table = StreamsBuilder()
            table.table("in", key: .string, value: .string, as: "t").toStream().to("out", key: .string, value: .string)
            #expect(
                try run(table, isCachingEnabled: isCachingEnabled, inputs + [("in", "k", nil, 9)])
                    == ["k=a from a", "k=b from b", "k=null from null"])
            let windowed = StreamsBuilder()
            windowed.texts("in").groupByKey(key: .string)
                .windowedBy(TimeWindows(size: .seconds(10)))
                .aggregate("", as: Materialized("s", value: .string)) { _, value, all in all + (value ?? "") }
                .toStream { windowed, _ in windowed.key }
                .to("out", key: .string, value: .string)
            #expect(
                try run(windowed, isCachingEnabled: isCachingEnabled, inputs) == ["k=a from a", "k=ab from b"])
        }
    }

    @Test func `S-105 what was suppressed has the headers of its latest update`() throws {
        let builder = StreamsBuilder()
        builder.table("in", key: .string, value: .string, as: "t").suppress(.untilTimeLimit(.milliseconds(10)))
            .toStream()
            .to("out", key: .string, value: .string)
        #expect(
            try run(builder, [("in", "k", "a", 0), ("in", "k", "b", 5), ("in", "x", "c", 10)]) == ["k=b from b"])
    }

    @Test func `S-105 a match has the headers of the record that found it, and so has a result without one`() throws {
        let builder = StreamsBuilder()
        builder.texts("left")
            .outerJoin(builder.texts("right"), JoinWindows(timeDifference: .milliseconds(10))) {
                "\($0 ?? "-")+\($1 ?? "-")"
            }
            .to("out", key: .string, value: .string)
        #expect(
            try run(
                builder,
                [("left", "k", "a", 0), ("right", "k", "b", 5), ("left", "l", "c", 6), ("right", "x", "d", 50)])
                == ["k=a+b from b", "l=c+- from d"])
    }
}
