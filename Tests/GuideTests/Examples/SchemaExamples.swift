import SwiftProtobuf
import Swiftwater
import SwiftwaterProtobuf
import SwiftwaterSchemaRegistry
import SwiftwaterTestKit
import Testing

struct Payment: Codable {
    var cents: Int64
}

private let paymentSchema =
    #"{"title": "Payment", "type": "object", "properties": {"cents": {"type": "integer"}}, "required": ["cents"]}"#

@Suite struct SchemaExamples {
    @Test func `Protocol Buffers`() throws {
        let builder = StreamsBuilder()
        builder.stream("heartbeats", key: .string, value: .protobuf(Google_Protobuf_Timestamp.self))
            .mapValues { $0.seconds }
            .to("seconds", key: .string, value: .int64)
        let driver = try TopologyTestDriver(try builder.build())
        try driver.inputTopic("heartbeats", key: .string, value: .protobuf(Google_Protobuf_Timestamp.self))
            .pipe("pump", .with { $0.seconds = 7 })
        #expect(try driver.outputTopic("seconds", key: .string, value: .int64).readValues() == [7])
    }

    // Nothing is asked of the registry before the first record; SwiftwaterSerdeTests run such serdes with one.
    @Test func `schema registries`() throws {
        let password = "from a vault"
        let registry = try SchemaRegistryClient(
            SchemaRegistryConfiguration(
                urls: ["https://registry-a:8081", "https://registry-b:8081"],
                authentication: .basic(user: "payments", password: password)
            ))
        let payments = try registry.json(Payment.self, schema: .registering(paymentSchema))
        let heartbeats = try registry.protobuf(Google_Protobuf_Timestamp.self, schema: .latest)
        let builder = StreamsBuilder()
        builder.stream("payments", key: .string, value: payments).to("copies", key: .string, value: payments)
        builder.stream("heartbeats", key: .string, value: heartbeats).to("beats", key: .string, value: heartbeats)
        #expect(try builder.build().describe().contains("payments"))
    }
}
