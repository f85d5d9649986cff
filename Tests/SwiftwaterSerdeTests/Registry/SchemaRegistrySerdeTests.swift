import SwiftProtobuf
import Swiftwater
import SwiftwaterSchemaRegistry
import SwiftwaterTestKit
import Testing

@Suite struct SchemaRegistrySerdeTests {
    struct Click: Codable, Equatable {
        var page: String
        var user: String
    }

    private static let clickSchema = #"{"title":"Click","type":"object","properties":{"page":{"type":"string"}}}"#
    private let click = Click(page: "/", user: "ada")
    private let clickBytes: [UInt8] = [0, 0, 0, 0, 1] + Array(#"{"page":"/","user":"ada"}"#.utf8)
    private let line = Shop_V1_Order.Line.with {
        $0.article = "x"
        $0.count = 3
    }

    private func client(_ url: String) throws -> SchemaRegistryClient {
        var configuration = SchemaRegistryConfiguration(urls: [url])
        configuration.retries = 1
        configuration.retryBackoff = .milliseconds(1)
        configuration.requestTimeout = .seconds(10)
        return try SchemaRegistryClient(configuration)
    }

    @Test func `X-06 F-13 JSON stands behind the number of its schema`() async throws {
        try await FakeRegistry.run { registry in
            let clicks = try client(registry.url).json(Click.self, schema: .registering(Self.clickSchema))
            #expect(try clicks.serialize(click, topic: "clicks") == clickBytes)
            #expect(try clicks.deserialize(clickBytes, topic: "clicks") == click)
            #expect(registry.lines == ["POST /subjects/clicks-value/versions"])
            let other = try client(registry.url).json(Click.self, schema: .latest)
            #expect(try other.deserialize(clickBytes, topic: "elsewhere") == click)
            #expect(registry.lines.dropFirst() == ["GET /schemas/ids/1"], "a reader needs no subject")
        }
    }

    @Test func `X-06 F-13 a message stands behind its schema and its place in the file`() async throws {
        try await FakeRegistry.run { registry in
            let text = try Messages.text()
            let client = try client(registry.url)
            let payload: [UInt8] = [0x0a, 1, 0x78, 0x10, 3]
            let lines = try client.protobuf(Shop_V1_Order.Line.self, schema: .registering(text))
            #expect(try lines.serialize(line, topic: "lines") == [0, 0, 0, 0, 1, 0x04, 0x02, 0x00] + payload)
            #expect(try lines.deserialize([0, 0, 0, 0, 1, 0x04, 0x02, 0x00] + payload, topic: "lines") == line)
            #expect(
                try lines.deserialize([0, 0, 0, 0, 1, 0x04, 0x02, 0x02] + payload, topic: "lines") == line,
                "as written by those who count the entries of maps")
            #expect(
                try lines.deserialize([0, 0, 0, 0, 1, 0x84, 0x00, 0x02, 0x00] + payload, topic: "lines") == line,
                "a varint in more bytes than it needs")
            let customers = try client.protobuf(Shop_V1_Customer.self, schema: .id(1))
            #expect(
                try customers.serialize(.with { $0.name = "x" }, topic: "c") == [0, 0, 0, 0, 1, 0x00, 0x0a, 1, 0x78])
            #expect(registry.lines == ["POST /subjects/lines-value/versions"], "the client knows schema 1 already")
        }
    }

    @Test func `X-06 subjects are named after the topic, the record, or both`() async throws {
        try await FakeRegistry.run { registry in
            let client = try client(registry.url)
            let text = try Messages.text()
            for subject in [SubjectNameStrategy.topic, .record, .topicRecord, SubjectNameStrategy { "my-\($0)-\($1)" }]
            {
                let lines = try client.protobuf(Shop_V1_Order.Line.self, schema: .registering(text), subject: subject)
                _ = try lines.serialize(line, topic: "t", component: .key)
                let clicks = try client.json(Click.self, schema: .registering(Self.clickSchema), subject: subject)
                _ = try clicks.serialize(click, topic: "t", component: .value)
            }
            #expect(
                registry.lines.map { $0.split(separator: "/")[2] } == [
                    "t-key", "t-value", "shop.v1.Order.Line", "Click", "t-shop.v1.Order.Line", "t-Click", "my-t-key",
                    "my-t-value",
                ])
            let unnamed = try client.json(Click.self, schema: .registering("{}"), subject: .record)
            let error = #expect(throws: StreamsError.self) { try unnamed.serialize(click, topic: "t") }
            #expect(error?.code == .invalidConfiguration)
            let named = try client.json(Click.self, schema: .registering("{}"), subject: .record, recordName: "C")
            _ = try named.serialize(click, topic: "t")
            #expect(registry.lines.last == "POST /subjects/C/versions")
        }
    }

    @Test func `X-06 a serde writes with the schema that it is told to`() async throws {
        try await FakeRegistry.run { registry in
            registry.add(.json("{}"), under: "other")
            registry.add(.json(Self.clickSchema), under: "clicks-value")
            let client = try client(registry.url)
            for (schema, id) in [(WriterSchema.latest, 2), (.id(1), 1), (.registered(Self.clickSchema), 2)] {
                let serde = try client.json(Click.self, schema: schema)
                #expect(try serde.serialize(click, topic: "clicks")?.prefix(5) == [0, 0, 0, 0, UInt8(id)])
            }
            #expect(
                registry.lines == [
                    "GET /subjects/clicks-value/versions/latest", "GET /schemas/ids/1", "POST /subjects/clicks-value",
                ])
            let unknown = try client.json(Click.self, schema: .registered("{}"))
            let error = #expect(throws: StreamsError.self) { try unknown.serialize(click, topic: "clicks") }
            #expect(error?.code == .schemaRegistry)
            #expect((error?.cause as? SchemaRegistryError)?.code == .schemaNotFound)
        }
    }

    @Test func `X-06 a text that does not fit is refused when the serde is made`() throws {
        let client = try client("http://127.0.0.1:1")
        let texts = [
            #expect(throws: StreamsError.self) { try client.json(Click.self, schema: .registering("{")) },
            #expect(throws: StreamsError.self) {
                try client.protobuf(Shop_V1_Order.self, schema: .registered("message Order {}"))
            },
        ]
        #expect(texts.map { $0?.code } == [.invalidConfiguration, .invalidConfiguration])
    }

    @Test func `X-06 E-01 records at fault go to the handler, and the rest is read`() async throws {
        try await FakeRegistry.run { registry in
            let text = try Messages.text()
            registry.add(.protobuf(text), under: "lines-value")
            registry.add(.json("{}"), under: "other")
            let lines = try client(registry.url).protobuf(Shop_V1_Order.Line.self, schema: .latest)
            let builder = StreamsBuilder()
            builder.stream("lines", key: .string, value: lines)
                .mapValues { Int64($0.count) }
                .to("counts", key: .string, value: .int64)
            let driver = try TopologyTestDriver(
                try builder.build(), deserializationHandler: .logAndContinue, deadLetterTopic: "letters")
            let input = try driver.inputTopic("lines", key: .string, value: .bytes)
            try input.pipe("no such schema", [0, 0, 0, 0, 9, 0x04, 0x02, 0x00])
            try input.pipe("no registry", [0x0a, 1, 0x78])
            try input.pipe("JSON", [0, 0, 0, 0, 2, 0x7b, 0x7d])
            try input.pipe("a customer", [0, 0, 0, 0, 1, 0x00])
            try input.pipe("a broken line", [0, 0, 0, 0, 1, 0x04, 0x02, 0x00, 0x0f])
            try input.pipe("no indexes", [0, 0, 0, 0, 1, 0x04])
            try input.pipe("good", [0, 0, 0, 0, 1, 0x04, 0x02, 0x00, 0x10, 3])
            #expect(try driver.outputTopic("counts", key: .string, value: .int64).readValues() == [3])
            let letters = try driver.outputTopic("letters", key: .string, value: .bytes).readRecords()
            let errors = letters.map { letter in
                String(decoding: letter.headers.last(named: "__streams.errors.exception")?.value ?? [], as: UTF8.self)
                    .split(separator: ":")[0]
            }
            #expect(
                errors == [
                    "SchemaRegistryError", "WireFormatError", "WireFormatError", "WireFormatError",
                    "ProtobufSerdeError",
                    "WireFormatError",
                ])
            #expect(letters.first?.value == [0, 0, 0, 0, 9, 0x04, 0x02, 0x00])
            #expect(driver.droppedRecords == [.deserialization: 6])
        }
    }

    @Test(
        arguments: [
            .error(500, 50001, "store"), .json(status: 404, "<html>"), .error(401, 401, "who?"), .hangUp,
            .json(status: 200, "[]"),
        ] as [FakeRegistry.Answer])
    func `X-06 E-01 a registry that gives no answer ends the application, and the record is read again`(
        answer: FakeRegistry.Answer
    ) async throws {
        try await FakeRegistry.run { registry in
            registry.add(.json(Self.clickSchema), under: "clicks-value")
            registry.script(answer, answer)
            let clicks = try client(registry.url).json(Click.self, schema: .latest)
            let builder = StreamsBuilder()
            builder.stream("clicks", key: .string, value: clicks).to("copies", key: .string, value: .json())
            let topology = try builder.build()
            let first = try TopologyTestDriver(
                topology, deserializationHandler: .logAndContinue, deadLetterTopic: "letters")
            let error = #expect(throws: StreamsError.self) {
                try first.inputTopic("clicks", key: .string, value: .bytes).pipe("k", clickBytes)
            }
            #expect(error?.code == .schemaRegistry)
            #expect(error?.place.topic == "clicks")
            #expect(error?.cause is SchemaRegistryError)
            #expect(first.droppedRecords.isEmpty)
            registry.unscript()
            let second = try TopologyTestDriver(topology, deserializationHandler: .logAndContinue)
            try second.inputTopic("clicks", key: .string, value: .bytes).pipe("k", clickBytes)
            #expect(try second.outputTopic("copies", key: .string, value: .json(Click.self)).readValues() == [click])
        }
    }

    @Test(arguments: [409, 422])
    func `X-06 E-01 a schema that the registry refuses ends the application, as every record would fail`(
        status: Int
    ) async throws {
        try await FakeRegistry.run { registry in
            registry.script(.error(status, status == 409 ? 409 : 42201, "no"))
            let clicks = try client(registry.url).json(Click.self, schema: .registering(Self.clickSchema))
            let builder = StreamsBuilder()
            builder.stream("in", key: .string, value: .json(Click.self)).to("out", key: .string, value: clicks)
            let driver = try TopologyTestDriver(try builder.build(), productionHandler: .logAndContinue)
            let input = try driver.inputTopic("in", key: .string, value: .json(Click.self))
            let error = #expect(throws: StreamsError.self) { try input.pipe("k", click) }
            #expect(error?.code == .schemaRegistry)
            #expect(error?.place.topic == "out")
        }
    }

    @Test func `X-06 both serdes work in topics, repartition topics and stores, and ask once for each`() async throws {
        try await FakeRegistry.run { registry in
            let client = try client(registry.url)
            let clicks = try client.json(Click.self, schema: .registering(Self.clickSchema))
            let lines = try client.protobuf(Shop_V1_Order.Line.self, schema: .registering(try Messages.text()))
            let builder = StreamsBuilder()
            builder.stream("clicks", key: .string, value: clicks)
                .groupBy(key: .string, value: clicks) { _, click in click.page }
                .aggregate(Shop_V1_Order.Line(), as: Materialized("visits", key: .string, value: lines)) {
                    page, _, line in
                    .with {
                        $0.article = page
                        $0.count = line.count + 1
                    }
                }
                .toStream()
                .to("visits", key: .string, value: lines)
            let driver = try TopologyTestDriver(try builder.build(), isCachingEnabled: false)
            let input = try driver.inputTopic("clicks", key: .string, value: clicks)
            for user in ["ada", "bo", "cy"] { try input.pipe(user, Click(page: "/", user: user)) }
            let visits = try driver.outputTopic("visits", key: .string, value: lines).readValues()
            #expect(visits.map(\.count) == [1, 2, 3])
            #expect(try driver.keyValueStore("visits", key: .string, value: lines).value(of: "/")?.count == 3)
            #expect(
                registry.lines.sorted() == [
                    "POST /subjects/clicks-value/versions",
                    "POST /subjects/test-visits-changelog-value/versions",
                    "POST /subjects/test-visits-repartition-value/versions",
                    "POST /subjects/visits-value/versions",
                ])
        }
    }
}
