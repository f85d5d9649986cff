import Swiftwater
import Testing

@testable import SwiftwaterSchemaRegistry

@Suite struct WireFormatTests {
    @Test func `X-06 the header is a zero byte and the schema's number`() throws {
        #expect(WireHeader.bytes(1) == [0, 0, 0, 0, 1])
        #expect(WireHeader.bytes(0x0102_0304) == [0, 1, 2, 3, 4])
        for id: Int32 in [0, 1, 100_001, .max] {
            #expect(try WireHeader.bytes(id).withUnsafeBytes { try WireHeader.id($0) } == id)
        }
    }

    @Test(arguments: [[], [0], [0, 0, 0, 1], [1, 0, 0, 0, 1], [0x7b, 0x22, 0x61, 0x22, 0x3a]] as [[UInt8]])
    func `X-06 bytes of a writer without a registry are told as such`(bytes: [UInt8]) {
        let error = #expect(throws: WireFormatError.self) { try bytes.withUnsafeBytes { try WireHeader.id($0) } }
        #expect(error?.reason == .noSchema)
    }

    // The examples of Confluent's documentation and of its clients' tests.
    @Test(
        arguments: [
            ([0], [0x00]),
            ([1], [0x02, 0x02]),
            ([0, 0], [0x04, 0x00, 0x00]),
            ([1, 0], [0x04, 0x02, 0x00]),
            ([2, 1], [0x04, 0x04, 0x02]),
            ([200], [0x02, 0x90, 0x03]),
        ] as [([Int32], [UInt8])])
    func `X-06 message indexes are zig-zag varints behind their number`(positions: [Int32], bytes: [UInt8]) throws {
        #expect(MessageIndexes(positions).bytes == bytes)
        #expect(try read(bytes) == MessageIndexes(positions))
    }

    @Test func `X-06 the first message may also be written in full`() throws {
        #expect(try read([0x02, 0x00]) == MessageIndexes([0]))
    }

    @Test(
        arguments: [
            [], [0x02], [0x01], [0x04, 0x00], [0xff, 0xff, 0xff, 0xff, 0x0f],
            [0xfe, 0xff, 0xff, 0xff, 0x0f, 0x00],
            [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
        ] as [[UInt8]])
    func `X-06 hostile message indexes are errors, however much they announce`(bytes: [UInt8]) {
        let error = #expect(throws: WireFormatError.self) { try read(bytes) }
        #expect(error?.reason == .malformedIndexes)
    }

    private func read(_ bytes: [UInt8]) throws -> MessageIndexes {
        try bytes.withUnsafeBytes {
            var cursor = ByteCursor($0)
            return try MessageIndexes(reading: &cursor)
        }
    }
}
