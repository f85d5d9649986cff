import SwiftProtobuf
import Swiftwater
import SwiftwaterProtobuf
import SwiftwaterTestKit
import Testing

@Suite struct ProtobufSerdeTests {
    private let order = Shop_V1_Order.with {
        $0.id = "o1"
        $0.cents = 150
        $0.items = ["b": 2, "a": 1]
        $0.first = .with {
            $0.article = "x"
            $0.count = 3
        }
    }
    private let orderBytes: [UInt8] = [
        0x0a, 2, 0x6f, 0x31,  // id
        0x10, 0x96, 1,  // cents: 150 is the example of Protocol Buffers' documentation
        0x1a, 5, 0x0a, 1, 0x61, 0x10, 1,  // items, by key
        0x1a, 5, 0x0a, 1, 0x62, 0x10, 2,
        0x22, 5, 0x0a, 1, 0x78, 0x10, 3,  // first
    ]

    private func failure(_ body: () throws -> Void) -> ProtobufSerdeError? {
        #expect(throws: ProtobufSerdeError.self, performing: body)
    }

    @Test func `X-06 F-13 a message is its binary format, with nothing before it`() throws {
        let serde = Serde<Shop_V1_Order>.protobuf()
        #expect(try serde.serialize(order) == orderBytes)
        #expect(try serde.deserialize(orderBytes) == order)
        #expect(try serde.serialize(Shop_V1_Order()) == [])
        #expect(try serde.deserialize([]) == Shop_V1_Order())
    }

    @Test func `X-06 equal messages give equal bytes, however their maps came about`() throws {
        let serde = Serde<Shop_V1_Order>.protobuf()
        let names = (0..<200).map { "article \($0)" }
        let forth = Shop_V1_Order.with { order in for name in names { order.items[name] = 1 } }
        let back = Shop_V1_Order.with { order in
            order.items.reserveCapacity(5_000)
            for name in names.reversed() { order.items[name] = 1 }
        }
        #expect(Array(forth.items.keys) != Array(back.items.keys), "the maps are laid out alike, this shows nothing")
        #expect(try serde.serialize(forth, component: .key) == serde.serialize(back, component: .key))
    }

    @Test func `X-06 fields that the type does not know are written again`() throws {
        let serde = Serde<Shop_V1_Customer.Address>.protobuf()
        #expect(try serde.serialize(try serde.deserialize(orderBytes.suffix(7))) == Array(orderBytes.suffix(7)))
    }

    @Test func `X-06 what is no such message is a typed error`() throws {
        let serde = Serde<Shop_V1_Order>.protobuf()
        let truncated = failure { _ = try serde.deserialize(Array(orderBytes.dropLast())) }
        #expect(truncated == ProtobufSerdeError(.truncated, .reading, messageName: "shop.v1.Order"))
        #expect(failure { _ = try serde.deserialize([0x0f]) }?.reason == .malformed)
        #expect(failure { _ = try serde.deserialize([0x0a, 1, 0xff]) }?.reason == .invalidUTF8)
        #expect(truncated?.description.hasPrefix("the bytes cannot be read as shop.v1.Order: ") == true)
        #expect(throws: SerdeError.self) { try serde.deserialize(nil) }
        #expect(try Serde<Shop_V1_Order?>.optional(.protobuf()).deserialize(nil) == nil)
    }

    @Test func `X-06 a required field must be there in both directions`() throws {
        let serde = Serde<Shop_V1_Parcel>.protobuf()
        let missing = ProtobufSerdeError(.missingRequiredFields, .writing, messageName: "shop.v1.Parcel")
        #expect(failure { _ = try serde.serialize(Shop_V1_Parcel()) } == missing)
        #expect(failure { _ = try serde.deserialize([]) }?.reason == .missingRequiredFields)
        #expect(try serde.deserialize([0x0a, 1, 0x61]).code == "a")
    }

    @Test func `X-06 no prefix of a message and no changed byte does more than throw`() throws {
        let serde = Serde<Shop_V1_Order>.protobuf()
        for length in 0...orderBytes.count {
            for position in 0..<max(1, length) {
                for bit in 0..<8 {
                    var bytes = Array(orderBytes.prefix(length))
                    if position < length { bytes[position] ^= 1 << bit }
                    do {
                        _ = try serde.deserialize(bytes)
                    } catch is ProtobufSerdeError {
                        continue
                    }
                }
            }
        }
    }

    @Test func `X-06 messages are keys and values of a topology`() throws {
        let builder = StreamsBuilder()
        builder.stream("orders", key: .string, value: .protobuf(Shop_V1_Order.self))
            .selectKey { _, order in order.first }
            .groupByKey(key: .protobuf(), value: .protobuf())
            .aggregate(Shop_V1_Order(), as: Materialized(value: .protobuf())) { _, order, sum in
                Shop_V1_Order.with { $0.cents = sum.cents + order.cents }
            }
            .toStream()
            .to("sums", key: .protobuf(), value: .protobuf())
        let driver = try TopologyTestDriver(try builder.build())
        let input = try driver.inputTopic("orders", key: .string, value: .protobuf(Shop_V1_Order.self))
        try input.pipe("a", order)
        try input.pipe("b", order)
        let sums = try driver.outputTopic(
            "sums", key: .protobuf(Shop_V1_Order.Line.self), value: .protobuf(Shop_V1_Order.self)
        ).readKeyValues()
        #expect(sums.map(\.value.cents) == [150, 300])
        #expect(sums.map(\.key) == [order.first, order.first])
    }

    @Test func `X-06 E-01 what cannot be read goes to the handler`() throws {
        let builder = StreamsBuilder()
        builder.stream("orders", key: .string, value: .protobuf(Shop_V1_Order.self))
            .to("copies", key: .string, value: .protobuf())
        let driver = try TopologyTestDriver(try builder.build(), deserializationHandler: .logAndContinue)
        let input = try driver.inputTopic("orders", key: .string, value: .bytes)
        try input.pipe("bad", [0x0f])
        try input.pipe("good", orderBytes)
        let copies = try driver.outputTopic("copies", key: .string, value: .bytes).readValues()
        #expect(copies == [orderBytes])
        #expect(driver.droppedRecords == [.deserialization: 1])
    }

    @Test func `X-06 a message that says so has its serde everywhere`() throws {
        let builder = StreamsBuilder()
        builder.stream("parcels", key: .string, value: .protobuf(Shop_V1_Parcel.self))
            .groupBy { _, parcel in parcel }
            .count()
            .toStream()
            .to("counts", key: .protobuf(), value: .int64)
        let driver = try TopologyTestDriver(try builder.build())
        let input = try driver.inputTopic("parcels", key: .string, value: .protobuf(Shop_V1_Parcel.self))
        try input.pipe("p", .with { $0.code = "a" })
        let counts = try driver.outputTopic("counts", key: .bytes, value: .int64).readKeyValues()
        #expect(counts.map(\.key) == [[0x0a, 1, 0x61]])
        #expect(counts.map(\.value) == [1])
    }
}

extension Shop_V1_Parcel: SerdeRepresentable {}
