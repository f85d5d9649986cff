import Foundation
import RDKafka
import Swiftwater
import SwiftwaterKafka
import Testing

/// Global tables in a running application: loaded before a task starts, followed from then on, kept over restarts.
@Suite(.integration) struct GlobalTableApplicationTests {
    /// `events` with the city that `cities` names; "unknown" where it names none.
    private func enriching(_ fixture: StreamsFixture) throws -> Topology {
        let builder = StreamsBuilder()
        let cities = builder.globalTable(fixture.topic("cities"), key: .string, value: .string, as: "cities")
        builder.stream(fixture.topic("events"), key: .string, value: .string)
            .leftJoin(cities, on: { _, code in code }) { code, city in "\(code)=\(city ?? "unknown")" }
            .to(fixture.topic("out"), key: .string, value: .string)
        return try builder.build()
    }

    private func withTopics(_ body: (StreamsFixture, TestCluster) async throws -> Void) async throws {
        try await StreamsFixture.run { fixture in
            try await fixture.create("cities", partitions: 3)
            for topic in ["events", "out"] { try await fixture.create(topic, partitions: 2) }
            try await body(fixture, fixture.cluster)
        }
    }

    private func cities(_ numbers: Range<Int>) -> [Sent] {
        numbers.map { .text("city \($0)", key: "c\($0)", partition: Int32($0 % 3)) }
    }

    private func events(_ codes: [String]) -> [Sent] {
        codes.enumerated().map { .text($1, key: "e\($0)", partition: Int32($0 % 2)) }
    }

    /// Runs the application until the events are processed; what came out for them.
    private func outcome(
        _ fixture: StreamsFixture, _ codes: [String],
        _ change: @escaping (inout StreamsConfiguration) -> Void = { _ in }
    ) async throws -> [String] {
        let cluster = fixture.cluster
        let before = try await cluster.records(of: fixture.topic("out")).count
        try await cluster.send(events(codes), to: fixture.topic("events"))
        let application = try fixture.application(try enriching(fixture), change)
        try await application.start()
        try await fixture.waitUntilCommitted(["events"], group: "app")
        #expect(application.state == .running)
        try await application.stop()
        let all = try await cluster.records(of: fixture.topic("out"))
        #expect(all.count == before + codes.count)
        return all.compactMap(\.text)
    }

    @Test(arguments: [ProcessingGuarantee.atLeastOnce, .exactlyOnce])
    func `S-79 R-15 a global table is whole before the first record of a stream, whichever partition it is in`(
        guarantee: ProcessingGuarantee
    ) async throws {
        try await withTopics { fixture, cluster in
            try await cluster.send(cities(0..<500), to: fixture.topic("cities"))
            let codes = (0..<500).map { "c\($0)" } + ["nowhere"]
            let out = try await outcome(fixture, codes) { $0.processingGuarantee = guarantee }
            #expect(Set(out) == Set((0..<500).map { "c\($0)=city \($0)" } + ["nowhere=unknown"]))
        }
    }

    @Test func `R-15 B-03 a global table follows its topic while the application runs, deletions included`()
        async throws
    {
        try await withTopics { fixture, cluster in
            try await cluster.send(cities(0..<3), to: fixture.topic("cities"))
            let application = try fixture.application(try enriching(fixture))
            try await application.start()
            try await application.wait(for: .running)
            try await cluster.send(
                [.text("renamed", key: "c1", partition: 1), Sent(partition: 2, key: Array("c2".utf8))],
                to: fixture.topic("cities"))
            // Updates trigger nothing: ask until the table answers as it must in the end.
            try await eventually("the table has both updates") {
                try await cluster.send(events(["c0", "c1", "c2"]), to: fixture.topic("events"))
                try await fixture.waitUntilCommitted(["events"], group: "app")
                let out = Set(try await cluster.records(of: fixture.topic("out")).compactMap(\.text))
                return out.isSuperset(of: ["c0=city 0", "c1=renamed", "c2=unknown"])
            }
            try await application.stop()
        }
    }

    @Test(arguments: [ProcessingGuarantee.atLeastOnce, .exactlyOnce])
    func `B-03 P-06 a processor reads a global table whole before its first record, and what comes to it later`(
        guarantee: ProcessingGuarantee
    ) async throws {
        try await withTopics { fixture, cluster in
            try await cluster.send(cities(0..<200), to: fixture.topic("cities"))
            let builder = StreamsBuilder()
            let table = builder.globalTable(fixture.topic("cities"), key: .string, value: .string).queryableStore
            builder.stream(fixture.topic("events"), key: .string, value: .string)
                .process { (context: ProcessorContext<String, String>) in
                    let cities = try context.globalStore(table)
                    // It may be read before the first record too.
                    let first = try cities.approximateCount()
                    return { record in
                        let all = try cities.all()
                        // All that one record sees is one commit.
                        let isOne = try all.count == cities.approximateCount() && cities.all() == all
                        let city = try cities.value(of: record.value) ?? "unknown"
                        let counts = "\(first >= 200) \(all.count >= 200) \(isOne)"
                        try context.forward(record.with(value: "\(record.value)=\(city) \(counts)"))
                    }
                }
                .to(fixture.topic("out"), key: .string, value: .string)
            let application = try fixture.application(try builder.build()) { $0.processingGuarantee = guarantee }
            try await cluster.send(events((0..<200).map { "c\($0)" }), to: fixture.topic("events"))
            try await application.start()
            try await fixture.waitUntilCommitted(["events"], group: "app")
            let out = try await cluster.records(of: fixture.topic("out")).compactMap(\.text)
            #expect(Set(out) == Set((0..<200).map { "c\($0)=city \($0) true true true" }))
            // While it processes, the table goes on.
            try await cluster.send(cities(200..<320), to: fixture.topic("cities"))
            try await eventually("the processor sees the last that came") {
                try await cluster.send(events(["c319"]), to: fixture.topic("events"))
                try await fixture.waitUntilCommitted(["events"], group: "app")
                let out = try await cluster.records(of: fixture.topic("out")).compactMap(\.text)
                #expect(out.allSatisfy { $0.hasSuffix("true true true") })
                return out.contains("c319=city 319 true true true")
            }
            try await application.stop()
        }
    }

    @Test func `R-15 a restart reads only the tail of a global topic`() async throws {
        try await withTopics { fixture, cluster in
            try await cluster.send(cities(0..<300), to: fixture.topic("cities"))
            let first = RestoreLog()
            _ = try await outcome(fixture, ["c0"]) { $0.restoreListener = first }
            #expect(first.restores.map(\.restoredRecords) == [100, 100, 100])
            #expect(Set(first.restores.map(\.task)) == ["global"])

            try await cluster.send(cities(300..<306), to: fixture.topic("cities"))
            let second = RestoreLog()
            let out = try await outcome(fixture, ["c1", "c305"]) { $0.restoreListener = second }
            #expect(second.restores.map(\.restoredRecords) == [2, 2, 2])
            #expect(second.restores.allSatisfy { $0.startingOffset == 100 && $0.store == "cities" })
            #expect(Set(out) == ["c0=city 0", "c1=city 1", "c305=city 305"])
        }
    }

    @Test func `R-15 a global table whose topic was cut off behind it is read anew`() async throws {
        try await withTopics { fixture, cluster in
            try await cluster.send(cities(0..<30), to: fixture.topic("cities"))
            _ = try await outcome(fixture, ["c0"])
            try await cluster.send(cities(0..<30).filter { $0.partition == 0 }, to: fixture.topic("cities"))
            let cut = PartitionOffset(RDKafka.TopicPartition(fixture.topic("cities"), 0), 19)
            try await Blocking.run {
                _ = try cluster.admin().deleteRecords(before: [cut], timeout: TestCluster.limit)
            }
            // Of partition 0 only the last record is left; the others are as they were.
            let out = try await outcome(fixture, ["c3", "c27", "c1"])
            #expect(Set(out) == ["c0=city 0", "c3=unknown", "c27=city 27", "c1=city 1"])
        }
    }

    @Test func `R-15 a record that the global table cannot read ends the application, which says where it is`()
        async throws
    {
        try await withTopics { fixture, cluster in
            try await cluster.send(
                [Sent(partition: 1, key: [0xff, 0xfe], value: [0x61])], to: fixture.topic("cities"))
            let application = try fixture.application(try enriching(fixture))
            let error = await #expect(throws: StreamsError.self) { try await application.run() }
            #expect(error?.code == .deserialization)
            #expect(error?.place.topic == fixture.topic("cities"))
            #expect(error?.place.partition == 1)
            #expect(error?.place.offset == 0)
            #expect(application.state == .failed)
        }
    }

    @Test func `E-04 what a global table leaves out goes to the dead-letter topic`() async throws {
        try await withTopics { fixture, cluster in
            try await fixture.create("dead", partitions: 1)
            try await cluster.send(
                [Sent(partition: 1, key: [0xff, 0xfe], value: [0x61])] + cities(0..<3), to: fixture.topic("cities"))
            let out = try await outcome(fixture, ["c1"]) {
                $0.deserializationHandler = .logAndContinue
                $0.deadLetterTopic = fixture.topic("dead")
            }
            #expect(out == ["c1=city 1"])
            #expect(try await cluster.records(of: fixture.topic("dead")).map(\.value) == [[0x61]])
        }
    }

    @Test func `R-15 a global topic that does not exist is an error at the start`() async throws {
        try await StreamsFixture.run { fixture in
            for topic in ["events", "out"] { try await fixture.create(topic, partitions: 1) }
            let application = try fixture.application(try enriching(fixture))
            let error = await #expect(throws: StreamsError.self) { try await application.run() }
            #expect(error?.code == .missingTopic)
            #expect(error?.place.topic == fixture.topic("cities"))
        }
    }

    @Test func `R-15 under exactly-once a global table has no records of aborted transactions`() async throws {
        try await withTopics { fixture, cluster in
            try await cluster.send(cities(0..<3), to: fixture.topic("cities"))
            let topic = fixture.topic("cities")
            try await Blocking.run {
                let producer = try cluster.producer(["transactional.id": cluster.transactionalID("cities")])
                defer { producer.close(limit: .seconds(5)) }
                try producer.initTransactions(timeout: TestCluster.limit)
                try producer.beginTransaction()
                let handle = try producer.topic(topic)
                let outcome = try Array("c1".utf8).withUnsafeBytes { key in
                    try Array("never".utf8).withUnsafeBytes {
                        try producer.produce(
                            to: handle, partition: 1, key: key, value: $0, headers: [], timestamp: nil)
                    }
                }
                #expect(outcome == .queued)
                let isFlushed = try producer.flush(timeout: TestCluster.limit) { #expect($0.error == nil) }
                #expect(isFlushed)
                try producer.abortTransaction(timeout: TestCluster.limit)
            }
            let out = try await outcome(fixture, ["c1", "c2"]) { $0.processingGuarantee = .exactlyOnce }
            #expect(Set(out) == ["c1=city 1", "c2=city 2"])
        }
    }

    @Test func `S-96 B-05 a global store that was lost is filled through its processor, not from the topic's bytes`()
        async throws
    {
        try await StreamsFixture.run { fixture in
            try await fixture.create("texts", partitions: 2)
            let cluster = fixture.cluster
            try await cluster.send(
                [.text("three words here", key: "a", partition: 0), .text("two words", key: "b", partition: 1)],
                to: fixture.topic("texts"))
            let builder = StreamsBuilder()
            let words = StateStore<KeyValueStore<String, Int64>>.keyValue("words", key: .string, value: .int64)
            builder.addGlobalStore(words, from: fixture.topic("texts"), key: .string, value: .string) { _, words in
                { record in try words.set(Int64(record.value.split(separator: " ").count), of: record.key) }
            }
            let topology = try builder.build()
            for directory in ["a", "another machine"] {
                let application = try fixture.application(topology, directory: directory)
                try await application.start()
                try await application.wait(for: .running)
                try await application.stop()
                let kept = try StateDirectory(
                    root: application.configuration.stateDirectory, applicationID: fixture.topic("app"))
                let backend = try kept.open(
                    task: "global", stores: ["words"], changelogs: "\(fixture.topic("texts")) key-value 1")
                var found: [String: Int64] = [:]
                try backend.scan(0, from: nil, to: nil, reverse: false) { key, value in
                    let plain = Array(value.dropFirst(8))
                    found[String(decoding: key, as: UTF8.self)] = try Serde<Int64>.int64.deserialize(plain)
                    return true
                }
                #expect(found == ["a": 3, "b": 2])
                try backend.close()
            }
        }
    }
}
