import Foundation
import Swiftwater
import Testing

/// The bytes that Kafka's own serialisers write.
@Suite struct BuiltinSerdeTests {
    /// Written as these bytes, and read from them.
    private func expect<Value: Equatable>(
        _ value: Value,
        _ serde: Serde<Value>,
        _ expected: String?,
        location: SourceLocation = #_sourceLocation
    ) throws {
        #expect(hex(try serde.serialize(value)) == expected, sourceLocation: location)
        #expect(try serde.deserialize(expected.map(bytes)) == value, sourceLocation: location)
    }

    @Test func `F-13 numbers are big-endian`() throws {
        try expect(0x0102, .int16, "01 02")
        try expect(-2, .int16, "ff fe")
        try expect(0x0102_0304, .int32, "01 02 03 04")
        try expect(.min, .int32, "80 00 00 00")
        try expect(0x0102_0304_0506_0708, .int64, "01 02 03 04 05 06 07 08")
        try expect(-1, .int64, "ff ff ff ff ff ff ff ff")
        try expect(258, Serde<Int>.int, "00 00 00 00 00 00 01 02")
        try expect(5678567.12312, .double, "41 55 a9 79 c7 e1 32 b5")
        try expect(-0.0, .double, "80 00 00 00 00 00 00 00")
        try expect(.infinity, .double, "7f f0 00 00 00 00 00 00")
        try expect(1.5, .float, "3f c0 00 00")
        #expect(hex(try Serde.double.serialize(.nan)) == "7f f8 00 00 00 00 00 00")
        #expect(hex(try Serde.float.serialize(.nan)) == "7f c0 00 00")
        #expect(try Serde.double.deserialize(bytes("7f f8 00 00 00 00 00 00")).isNaN)
    }

    @Test func `F-13 a number of another length is an error that says both`() {
        for (count, error) in [(0, "got 0"), (7, "got 7"), (9, "got 9")] {
            #expect {
                try Serde.int64.deserialize(Array(repeating: 0, count: count))
            } throws: {
                "\($0)" == "expected 8 bytes for Int64, \(error)"
            }
        }
        #expect(throws: SerdeError.self) { try Serde.int16.deserialize([1]) }
        #expect(throws: SerdeError.self) { try Serde.int32.deserialize([1, 2, 3, 4, 5]) }
        #expect(throws: SerdeError.self) { try Serde.float.deserialize([1, 2]) }
        #expect(throws: SerdeError.self) { try Serde.bool.deserialize([1, 0]) }
    }

    @Test func `F-13 text is UTF-8`() throws {
        try expect("", .string, "")
        try expect("añ€😀", .string, "61 c3 b1 e2 82 ac f0 9f 98 80")
        #expect(throws: SerdeError.self) { try Serde.string.deserialize(bytes("61 ff")) }
        #expect(try Serde.lossyString.deserialize(bytes("61 ff")) == "a\u{fffd}")
    }

    @Test func `F-13 truth is one byte, and no other than 0 and 1`() throws {
        try expect(true, .bool, "01")
        try expect(false, .bool, "00")
        #expect(throws: SerdeError.self) { try Serde.bool.deserialize([2]) }
    }

    @Test func `F-13 a UUID is its text in lower case, and is read in either`() throws {
        let text = "123E4567-E89B-12D3-A456-426614174000"
        let value = try #require(UUID(uuidString: text))
        #expect(try Serde.uuid.serialize(value) == Array(text.lowercased().utf8))
        #expect(try Serde.uuid.deserialize(Array(text.utf8)) == value)
        #expect(throws: SerdeError.self) { try Serde.uuid.deserialize(Array("123e4567".utf8)) }
    }

    @Test func `F-13 bytes are what they are`() throws {
        try expect([], .bytes, "")
        try expect([0, 255], .bytes, "00 ff")
        try expect(Data([7, 8]), .data, "07 08")
    }

    @Test func `F-13 void is null and nothing else`() throws {
        #expect(try Serde.void.serialize(()) == nil)
        try Serde.void.deserialize(nil)
        #expect(throws: SerdeError.self) { try Serde.void.deserialize([]) }
    }

    @Test func `F-13 nil is null, and null is an error where nil is no value`() throws {
        try expect(nil, Serde<Int64?>.optional(.int64), nil)
        try expect(7, Serde<Int64?>.optional(.int64), "00 00 00 00 00 00 00 07")
        try expect("", Serde<String?>.optional(.string), "")
        #expect(throws: SerdeError.self) { try Serde.int64.deserialize(nil) }
        #expect(throws: SerdeError.self) { try Serde.string.deserialize(nil) }
    }

    private struct Order: Codable, Equatable, SerdeRepresentable {
        var id: Int
        var at: String
        var tags: [String: Int]
        var note: String?
    }

    @Test func `X-06 JSON has sorted keys, so that equal values are equal bytes`() throws {
        let order = Order(id: 1, at: "a/b", tags: ["z": 26, "a": 1, "m": 13])
        let text = #"{"at":"a/b","id":1,"tags":{"a":1,"m":13,"z":26}}"#
        #expect(try Order.serde.serialize(order) == Array(text.utf8))
        #expect(try Serde.json(Order.self).deserialize(Array(text.utf8)) == order)
        #expect(throws: (any Error).self) { try Order.serde.deserialize(Array(#"{"id":1}"#.utf8)) }
        #expect(throws: (any Error).self) { try Order.serde.deserialize(Array("{".utf8)) }
    }
}
