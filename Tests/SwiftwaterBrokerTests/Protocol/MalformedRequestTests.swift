import NIOCore
import Testing

@testable import SwiftwaterBroker

/// Requests that end too early or are damaged are refused, and never end the process.
struct MalformedRequestTests {
    static let router: RequestRouter = {
        var router = RequestRouter()
        router.on(ProduceRequest.self) { _, _ in nil }
        router.on(FetchRequest.self) { _, _ in nil }
        router.on(MetadataRequest.self) { _, _ in nil }
        router.on(ListOffsetsRequest.self) { _, _ in nil }
        return router
    }()

    static func frame(_ key: APIKey, _ version: Int16, _ body: (inout ProtocolWriter) -> Void) -> ByteBuffer {
        var writer = ProtocolWriter(isFlexible: key.isFlexible(version))
        writer.int16(key.rawValue)
        writer.int16(version)
        writer.int32(1)
        writer.int16(1)
        writer.int8(99)
        writer.taggedFields()
        body(&writer)
        return writer.buffer
    }

    static let frames: [ByteBuffer] = [
        frame(.produce, 9) { writer in
            writer.nullableString(nil)
            writer.int16(-1)
            writer.int32(1000)
            writer.array(["topic"]) { writer, name in
                writer.string(name)
                writer.array([Int32(0)]) { writer, index in
                    writer.int32(index)
                    writer.bytes(ByteBuffer(repeating: 7, count: 80))
                    writer.taggedFields()
                }
                writer.taggedFields()
            }
            writer.taggedFields()
        },
        frame(.metadata, 9) { writer in
            writer.array(["a", "b"]) { writer, name in
                writer.string(name)
                writer.taggedFields()
            }
            writer.bool(true)
            writer.bool(false)
            writer.bool(false)
            writer.taggedFields()
        },
        frame(.listOffsets, 1) { writer in
            writer.int32(-1)
            writer.array(["a"]) { writer, name in
                writer.string(name)
                writer.array([Int32(0)]) { writer, index in
                    writer.int32(index)
                    writer.int64(-1)
                }
            }
        },
    ]

    @Test(arguments: frames) func `every prefix of a request is an error`(frame: ByteBuffer) throws {
        try Self.router.decode(frame)
        for length in 0..<frame.readableBytes {
            let prefix = try #require(frame.getSlice(at: 0, length: length))
            #expect(throws: ProtocolError.self, "\(length) bytes") { try Self.router.decode(prefix) }
        }
    }

    @Test(arguments: frames) func `damaged requests are decoded or refused`(frame: ByteBuffer) {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var state = seed
        func next() -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33)
        }
        for _ in 0..<20_000 {
            var damaged = frame
            for _ in 0...(next() % 4) {
                damaged.setInteger(UInt8(truncatingIfNeeded: next()), at: 8 + next() % (frame.readableBytes - 8))
            }
            try? Self.router.decode(damaged)
        }
    }
}
