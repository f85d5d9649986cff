import Swiftwater
import Testing

/// Whether a key or value can be null is part of the type, and operators that drop nulls say so in theirs.
@Suite struct NullabilityTests {
    @Test func `S-13 S-24 S-28 operators that drop nulls give types without them`() {
        let stream = StreamsBuilder().stream("in", key: .optional(.string), value: .optional(.string))
        #expect(type(of: stream.groupByKey()) == KGroupedStream<String, String?>.self)
        #expect(type(of: stream.groupByKey().count()) == KTable<String, Int64>.self)
        #expect(type(of: stream.groupByKey().reduce { $0 + $1 }) == KTable<String, String>.self)
        #expect(type(of: stream.repartition()) == KStream<String, String?>.self)
        #expect(type(of: stream.toTable()) == KTable<String, String>.self)
        #expect(type(of: stream.toTable().toStream()) == KStream<String, String?>.self)
        let lengths = stream.groupByKey().aggregate(0) { _, value, sum in sum + value.utf8.count }
        #expect(type(of: lengths) == KTable<String, Int>.self)
    }

    @Test func `plain types stay plain`() {
        let stream = StreamsBuilder().stream("in", key: .string, value: .int64)
        #expect(type(of: stream.groupByKey()) == KGroupedStream<String, Int64>.self)
        #expect(type(of: stream.groupByKey().reduce { $0 + $1 }) == KTable<String, Int64>.self)
        #expect(type(of: stream.repartition()) == KStream<String, Int64>.self)
        #expect(type(of: stream.toTable()) == KTable<String, Int64>.self)
    }
}
