import Testing

@testable import SwiftwaterBroker

struct RecordCodecTests {
    @Test(arguments: CompressedText.all) func `what clients compress is read`(_ text: CompressedText) throws {
        #expect(try RecordCodec.decompress(text.bytes, codec: text.codec) == CompressedText.plain)
    }

    @Test(arguments: CompressedText.all) func `what is cut off or too large is an error`(_ text: CompressedText) {
        for length in stride(from: 0, to: text.bytes.count - 12, by: 53) {
            #expect(throws: CodecError.self, "\(length) bytes") {
                let whole = try RecordCodec.decompress(Array(text.bytes.prefix(length)), codec: text.codec)
                // A shortened Snappy stream of Java's form may end between two frames.
                if whole != CompressedText.plain { throw CodecError.damaged("shorter") }
            }
        }
        #expect(throws: CodecError.tooLarge) {
            try RecordCodec.decompress(text.bytes, codec: text.codec, limit: CompressedText.plain.count - 1)
        }
    }

    @Test(arguments: CompressedText.all) func `damaged bytes give an error or something else, and no harm`(
        _ text: CompressedText
    ) {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var random = SplitMix(state: seed)
        for _ in 0..<300 {
            var damaged = text.bytes
            for _ in 0...random.next(below: 4) {
                // Mostly in the front, where the tables are.
                let place = random.next(
                    below: random.next(below: 2) == 0 ? min(60, text.bytes.count) : text.bytes.count)
                damaged[place] = UInt8(random.next(below: 256))
            }
            _ = try? RecordCodec.decompress(damaged, codec: text.codec, limit: 1 << 16)
        }
    }

    @Test func `an unknown codec is none of ours`() throws {
        #expect(try RecordCodec.decompress([1, 2, 3], codec: 5) == nil)
        #expect(try RecordCodec.decompress([1, 2, 3], codec: 0) == [1, 2, 3])
    }
}
