import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct ExplicitNameTests {
    private func build(_ chain: (StreamsBuilder) -> Void) throws -> Topology {
        let builder = StreamsBuilder(TopologyConfiguration(requiresExplicitNames: true))
        chain(builder)
        return try builder.build()
    }

    private func refusal(_ chain: (StreamsBuilder) -> Void) -> String {
        do {
            _ = try build(chain)
            return ""
        } catch let error as StreamsError {
            return error.code == .invalidTopology ? error.message : "\(error)"
        } catch {
            return "\(error)"
        }
    }

    @Test func `TP-06 every store and topic that nobody named is listed with its operator and where to name it`() {
        let message = refusal { builder in
            let words = builder.stream("in", key: .string, value: .string)
            _ = words.groupBy(key: .string) { _, word in word }.count()
            let other = builder.stream("other", key: .string, value: .string)
            words.join(other, .within(.seconds(1))) { $0 + $1 }.foreach { _, _ in }
        }
        #expect(
            message.contains("store KSTREAM-AGGREGATE-STATE-STORE-0000000002 of KSTREAM-AGGREGATE-0000000003"),
            "\(message)")
        #expect(message.contains("(name it with `as:`)"))
        #expect(
            message.contains(
                "topic KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition behind KSTREAM-KEY-SELECT-0000000001"),
            "\(message)")
        #expect(message.contains("KSTREAM-JOINTHIS-"), "\(message)")
        #expect(message.contains("`storeName:` of StreamJoined"))
    }

    @Test func `TP-06 K-18 a deduplication that nobody named is listed with its store and its topic`() {
        let message = refusal { builder in
            builder.stream("in", key: .string, value: .string).selectKey { _, word in word }
                .deduplicateByKey(within: .seconds(1)).foreach { _, _ in }
        }
        #expect(
            message.contains(
                "store KSTREAM-DEDUPLICATE-STATE-STORE-0000000003 of KSTREAM-DEDUPLICATE-0000000002 (name it with `named:` or `storeName:` of Deduplicated)"
            ), "\(message)")
        #expect(
            message.contains(
                "topic KSTREAM-DEDUPLICATE-0000000002-repartition behind KSTREAM-KEY-SELECT-0000000001 (name it with"),
            "\(message)")
        #expect(message.contains("or Deduplicated)"), "\(message)")
    }

    @Test func `TP-06 nodes may be numbered, and what has a name is let through`() throws {
        let topology = try build { builder in
            let words = builder.stream("in", key: .string, value: .string)
            words.groupBy(key: .string, named: "by-word") { _, word in word }.count(as: "counts")
                .toStream().to("out", key: .string, value: .int64)
            let other = builder.stream("other", key: .string, value: .string)
            words.join(
                other, .within(.seconds(1)), joined: StreamJoined(named: "pairs", storeName: "pairs")
            ) { $0 + $1 }.foreach { _, _ in }
            words.selectKey { _, word in word }
                .deduplicateByKey(within: .seconds(1), deduplicated: Deduplicated(named: "once")).foreach { _, _ in }
        }
        #expect(topology.manifest().stores.allSatisfy { !$0.isNameGenerated })
        // Without stores and internal topics there is nothing to name.
        _ = try build { $0.stream("in", key: .string, value: .string).filter { _, _ in true }.foreach { _, _ in } }
        // A name of one's own with ten digits is one's own.
        _ = try build {
            _ = $0.stream("in", key: .string, value: .string).groupByKey().count(as: Materialized("counts-1700000000"))
        }
    }

    @Test func `B-08 what a topology wants for itself goes over what the application says`() throws {
        let builder = StreamsBuilder(
            TopologyConfiguration(
                isCachingEnabled: false, timestampExtractor: FixedTime(), processingHandler: .logAndContinue))
        builder.stream("in", key: .string, value: .string)
            .mapValues { value in
                if value == "poison" { throw CancellationError() }
                return value
            }
            .groupByKey(key: .string, value: .string).count(as: "counts").toStream()
            .to("out", key: .string, value: .int64)
        try withTopologyTestDriver(try builder.build()) { driver in
            try driver.inputTopic("in", key: .string, value: .string).pipe([("k", "a"), ("k", "poison"), ("k", "b")])
            let out = try driver.outputTopic("out", key: .string, value: .int64)
            let records = try out.readRecords()
            #expect(records.map(\.value) == [1, 2])
            #expect(records.map(\.timestamp) == [77, 77])
        }
    }

    @Test func `B-08 ST-15 operators keep their stores where the topology says, unless they say it themselves`() throws
    {
        let builder = StreamsBuilder(TopologyConfiguration(storeType: .inMemory))
        let stream = builder.stream("in", key: .string, value: .string)
        let grouped = stream.groupByKey(key: .string, value: .string)
        _ = grouped.count(as: "count")
        _ = grouped.count(as: Materialized("said", storeType: .persistent))
        _ = grouped.windowedBy(.tumbling(.seconds(10))).count(as: "windows")
        _ = stream.leftJoin(
            builder.stream("other", key: .string, value: .string), .within(.seconds(1), grace: .seconds(1)),
            joined: StreamJoined(storeName: "join")
        ) { left, right in left + (right ?? "") }
        _ = builder.globalTable("global", key: .string, value: .string, as: "global")
        builder.addStateStore(.keyValue("own", key: .string, value: .string))
        let stores = try builder.build().stores
        #expect(stores.count == 8)
        #expect(Set(stores.filter(\.isPersistent).map(\.name)) == ["said", "global", "own"])
    }

    private struct FixedTime: TimestampExtractor {
        func timestamp<Key, Value>(
            of record: borrowing Record<Key, Value>,
            metadata: @autoclosure () -> RecordMetadata,
            partitionTime: Timestamp
        ) -> Timestamp { 77 }
    }
}
