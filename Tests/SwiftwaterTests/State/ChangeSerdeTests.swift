import Testing

@testable import Swiftwater

@Suite struct ChangeSerdeTests {
    private let serde = Serde<Change<String>>.change(.string)

    @Test func `F-05 a change is written as Kafka Streams does since KIP-904`() throws {
        #expect(try serde.serialize(Change(new: nil, old: "ab")) == [97, 98, 0])
        #expect(try serde.serialize(Change(new: "ab", old: nil)) == [97, 98, 1])
        // The length of the new value is a zigzag varint.
        #expect(try serde.serialize(Change(new: "ab", old: "c")) == [4, 97, 98, 99, 2])
        #expect(throws: SerdeError.self) { try serde.serialize(Change(new: nil, old: nil)) }
    }

    @Test(arguments: [0, 1, 63, 64, 8_191, 8_192, 100_000])
    func `F-05 both values come back whatever their lengths`(length: Int) throws {
        let new = String(repeating: "n", count: length)
        for old in ["", "o", new] {
            let read = try serde.deserialize(try serde.serialize(Change(new: new, old: old)))
            #expect(read.new == new)
            #expect(read.old == old)
        }
    }

    @Test(
        arguments: [[], [3], [97, 5], [2], [4, 97, 2], [1, 97, 2], [255, 255, 255, 255, 255, 255, 2]] as [[UInt8]])
    func `F-05 bytes that are no change are refused`(bytes: [UInt8]) {
        #expect(throws: SerdeError.self) { try serde.deserialize(bytes) }
    }
}
