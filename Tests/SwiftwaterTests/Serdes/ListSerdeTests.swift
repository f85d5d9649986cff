import Foundation
import Swiftwater
import Testing

@Suite struct ListSerdeTests {
    private func expect<Value: Equatable>(
        _ value: Value,
        _ serde: Serde<Value>,
        _ expected: String,
        location: SourceLocation = #_sourceLocation
    ) throws {
        #expect(hex(try serde.serialize(value)) == expected, sourceLocation: location)
        #expect(try serde.deserialize(bytes(expected)) == value, sourceLocation: location)
    }

    @Test func `F-13 elements of one size stand without lengths behind the indices of the nulls`() throws {
        try expect([], .list(.int32), "00 00 00 00 00 00 00 00 00")
        try expect([1, 2, -1], .list(.int32), "00 00 00 00 00 00 00 00 03 00 00 00 01 00 00 00 02 ff ff ff ff")
        try expect(
            [nil, 1, nil], .list(.optional(.int16)),
            "00 00 00 00 02 00 00 00 00 00 00 00 02 00 00 00 03 00 01")
        try expect([1.5], .list(.float), "00 00 00 00 00 00 00 00 01 3f c0 00 00")
        try expect([nil], .list(.optional(.double)), "00 00 00 00 01 00 00 00 00 00 00 00 01")
        try expect([9], .list(.int64), "00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 09")
    }

    @Test func `F-13 the text of a UUID is of one size, a truth is not`() throws {
        let value = UUID()
        let written = try Serde.list(.uuid).serialize([value])
        #expect(written == bytes("00 00 00 00 00 00 00 00 01") + Array(value.uuidString.lowercased().utf8))
        #expect(try Serde.list(.uuid).deserialize(written) == [value])
        try expect([true, false], .list(.bool), "01 00 00 00 02 00 00 00 01 01 00 00 00 01 00")
    }

    @Test func `F-13 other elements stand behind their lengths, null is a length of -1`() throws {
        try expect([], .list(.string), "01 00 00 00 00")
        try expect(
            ["A", nil, ""], .list(.optional(.string)),
            "01 00 00 00 03 00 00 00 01 41 ff ff ff ff 00 00 00 00")
        try expect([[1], []], .list(.bytes), "01 00 00 00 02 00 00 00 01 01 00 00 00 00")
    }

    @Test func `F-13 lists nest`() throws {
        try expect(
            [["a"], []], .list(.list(.string)),
            "01 00 00 00 02 00 00 00 0a 01 00 00 00 01 00 00 00 01 61 00 00 00 05 01 00 00 00 00")
    }

    @Test func `F-13 lengths are believed where the element needs none`() throws {
        let written = bytes("01 00 00 00 02 00 00 00 02 00 07 ff ff ff ff")
        #expect(try Serde.list(.optional(.int16)).deserialize(written) == [7, nil])
    }

    @Test(arguments: [
        "", "02 00 00 00 00", "00 00 00 00 00", "00 ff ff ff ff 00 00 00 00", "00 7f ff ff ff 00 00 00 00",
        // More elements than bytes, an index behind the end, indices that do not ascend, null where there is none.
        "00 00 00 00 00 7f ff ff ff", "00 00 00 00 01 00 00 00 01 00 00 00 01",
        "00 00 00 00 01 ff ff ff ff 00 00 00 01",
        "00 00 00 00 02 00 00 00 00 00 00 00 00 00 00 00 02", "00 00 00 00 01 00 00 00 00 00 00 00 01",
        "00 00 00 00 00 00 00 00 01 00 00 00 01 00", "00 00 00 00 00 ff ff ff ff",
        "01 00 00 00 01 00 00 00 05 00 00 00 01", "01 7f ff ff ff", "01 ff ff ff ff", "01 00 00 00 01 ff ff ff fe",
        "01 00 00 00 00 00",
    ])
    func `F-13 a broken list is an error`(broken: String) {
        #expect(throws: SerdeError.self) { try Serde.list(.int32).deserialize(bytes(broken)) }
    }

    @Test func `F-13 random bytes never do more than throw`() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<2_000 {
            var input = (0..<Int.random(in: 0..<40, using: &random)).map { _ in UInt8.random(in: 0...3, using: &random)
            }
            if Bool.random(using: &random), !input.isEmpty {
                input[Int.random(in: 0..<input.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            if let read = try? Serde.list(.optional(.string)).deserialize(input) {
                #expect(read.count <= input.count / 4, "seed \(seed)")
            }
            if let read = try? Serde.list(.optional(.int16)).deserialize(input) {
                #expect(read.count <= input.count / 2, "seed \(seed)")
            }
        }
    }
}
