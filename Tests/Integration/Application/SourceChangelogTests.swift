import RDKafka
import Swiftwater
import SwiftwaterKafka
import Testing

/// Stores whose changelog is the topic that they are filled from.
@Suite(.integration) struct SourceChangelogTests {
    /// How many rows have each value.
    private func rowsByValue(_ fixture: StreamsFixture) throws -> Topology {
        let builder = StreamsBuilder()
        builder.table(fixture.topic("rows"), key: .string, value: .string, as: "rows")
            .groupBy(key: .string, value: .string) { key, value in (value, key) }
            .count(as: "by-value")
            .toStream()
            .to(fixture.topic("counts"), key: .string, value: .optional(.int64))
        return try builder.build(optimizing: .reuseSourceTopics)
    }

    private func run(
        _ fixture: StreamsFixture, directory: String,
        _ change: @escaping (inout StreamsConfiguration) -> Void = { _ in }
    ) async throws {
        let application = try fixture.application(try rowsByValue(fixture), directory: directory, change)
        try await application.start()
        try await fixture.waitUntilCommitted(["rows"], group: "app")
        try await fixture.waitUntilCommitted(["rows", "app-by-value-repartition"], group: "app")
        try await application.stop()
    }

    private func row(_ key: String, _ value: String, partition: Int32 = 0) -> Sent {
        .text(value, key: key, partition: partition)
    }

    @Test(arguments: [ProcessingGuarantee.atLeastOnce, .exactlyOnce])
    func `S-94 B-02 a table is restored from its source topic up to what is processed, by way of the handler`(
        guarantee: ProcessingGuarantee
    ) async throws {
        try await StreamsFixture.run { fixture in
            for topic in ["rows", "counts"] { try await fixture.create(topic, partitions: 2) }
            let cluster = fixture.cluster
            let unreadable = Sent(partition: 1, key: Array("bad".utf8), value: [0xff, 0xfe])
            try await cluster.send(
                [row("a", "x"), row("b", "x"), row("c", "y", partition: 1), unreadable], to: fixture.topic("rows"))
            try await run(fixture, directory: "a") {
                $0.processingGuarantee = guarantee
                $0.deserializationHandler = .logAndContinue
            }
            #expect(try await fixture.lastCounts(in: "counts") == ["x": 2, "y": 1])

            // Not processed yet when the state is lost: a table that held them already would not take the old values off.
            try await cluster.send(
                [row("a", "y"), row("bad", "x", partition: 1)], to: fixture.topic("rows"))
            let restores = RestoreLog()
            try await run(fixture, directory: "another machine") {
                $0.processingGuarantee = guarantee
                $0.deserializationHandler = .logAndContinue
                $0.restoreListener = restores
            }
            #expect(try await fixture.lastCounts(in: "counts") == ["x": 2, "y": 2])
            let rows = restores.restores.filter { $0.store == "rows" }
            #expect(Set(rows.map(\.topic)) == [fixture.topic("rows")])
            #expect(rows.map(\.endOffset).sorted() == [2, 2])
            #expect(rows.map(\.restoredRecords).sorted() == [2, 2])
            let topics = try await Blocking.run {
                try cluster.admin().metadata(timeout: TestCluster.limit).topics.map(\.name)
            }
            #expect(topics.contains(fixture.topic("app-by-value-changelog")))
            #expect(!topics.contains(fixture.topic("app-rows-changelog")))
        }
    }

    @Test func `S-94 a table that kept its state restores nothing from its source topic`() async throws {
        try await StreamsFixture.run { fixture in
            for topic in ["rows", "counts"] { try await fixture.create(topic, partitions: 2) }
            let cluster = fixture.cluster
            try await cluster.send([row("a", "x"), row("b", "x")], to: fixture.topic("rows"))
            try await run(fixture, directory: "a")
            try await cluster.send([row("a", "y")], to: fixture.topic("rows"))
            let restores = RestoreLog()
            try await run(fixture, directory: "a") { $0.restoreListener = restores }
            #expect(restores.restores.isEmpty)
            #expect(try await fixture.lastCounts(in: "counts") == ["x": 1, "y": 1])
        }
    }

    @Test func `S-94 two tables of one topic are both restored from it`() async throws {
        try await StreamsFixture.run { fixture in
            for topic in ["rows", "out"] { try await fixture.create(topic, partitions: 1) }
            let cluster = fixture.cluster
            let builder = StreamsBuilder()
            let first = builder.table(fixture.topic("rows"), key: .string, value: .string, as: "first")
            let second = builder.table(fixture.topic("rows"), key: .string, value: .string, as: "second")
            first.join(second) { "\($0)+\($1)" }.toStream()
                .to(fixture.topic("out"), key: .string, value: .optional(.string))
            let topology = try builder.build(optimizing: .reuseSourceTopics)
            func run(_ directory: String, _ log: RestoreLog) async throws {
                let application = try fixture.application(topology, directory: directory) {
                    $0.restoreListener = log
                }
                try await application.start()
                try await fixture.waitUntilCommitted(["rows"], group: "app")
                try await application.stop()
            }
            try await cluster.send([row("a", "x"), row("b", "y")], to: fixture.topic("rows"))
            try await run("a", RestoreLog())
            try await cluster.send([row("b", "z")], to: fixture.topic("rows"))
            let log = RestoreLog()
            try await run("another machine", log)
            #expect(Set(log.restores.map(\.store)) == ["first", "second"])
            #expect(log.restores.map(\.restoredRecords) == [2, 2])
            #expect(try await cluster.records(of: fixture.topic("out")).last?.text == "z+z")
        }
    }

    @Test func `B-06 a read-only store is filled from its topic, and after a loss filled from it again`() async throws {
        try await StreamsFixture.run { fixture in
            for topic in ["prices", "orders", "bills"] { try await fixture.create(topic, partitions: 2) }
            let cluster = fixture.cluster
            let builder = StreamsBuilder()
            let prices = builder.addReadOnlyStateStore(
                StateStore<KeyValueStore<String, String>>.keyValue("prices", key: .string, value: .string),
                from: fixture.topic("prices"), key: .string, value: .string
            ) { _, prices in
                { record in try prices.set("\(record.value) Euro", of: record.key) }
            }
            builder.stream(fixture.topic("orders"), key: .string, value: .string)
                .processValues(stores: [prices]) { context in
                    let prices = try context.store(prices)
                    return { order in
                        try context.forward(order.with(value: try prices.value(of: order.key) ?? "unknown"))
                    }
                }
                .to(fixture.topic("bills"), key: .string, value: .string)
            let topology = try builder.build()
            func run(_ directory: String) async throws {
                let application = try fixture.application(topology, directory: directory)
                try await application.start()
                try await fixture.waitUntilCommitted(["prices", "orders"], group: "app")
                try await application.stop()
            }
            try await cluster.send(
                [row("apple", "1"), row("pear", "2", partition: 1)], to: fixture.topic("prices"))
            try await run("a")
            try await cluster.send(
                [row("apple", ""), row("pear", "", partition: 1), row("nut", "", partition: 1)],
                to: fixture.topic("orders"))
            try await run("another machine")
            let bills = try await cluster.records(of: fixture.topic("bills"))
            #expect(Set(bills.compactMap(\.text)) == ["1 Euro", "2 Euro", "unknown"])
        }
    }
}
