import NIOCore
import NIOEmbedded
import Testing

@testable import SwiftwaterBroker

/// Requests of every API and version that the broker advertises: valid ones, every beginning of them, and damaged ones.
struct RequestFuzzTests {
    private func seeded() -> RequestFuzzer {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        return RequestFuzzer(seed: seed)
    }

    private func withRouter(_ body: (RequestRouter) async throws -> Void) async throws {
        let broker = EmbeddedBroker()
        try await broker.start()
        do {
            try await body(try #require(broker.router))
        } catch {
            await broker.shutdown()
            throw error
        }
        await broker.shutdown()
    }

    @Test(.timeLimit(.minutes(2))) func `a whole request is read to its last byte, and a damaged one does no harm`()
        async throws
    {
        var fuzzer = seeded()
        try await withRouter { router in
            #expect(router.apiKeys.count >= 25)
            for key in router.apiKeys {
                for version in key.versions {
                    for _ in 0..<6 {
                        let frame = fuzzer.frame(key, version)
                        #expect(throws: Never.self, "\(key) \(version)") { try router.decode(frame) }
                        for length in 0..<frame.readableBytes {
                            let beginning = try #require(frame.getSlice(at: 0, length: length))
                            if (try? router.decode(beginning)) != nil {
                                Issue.record("\(key) \(version): \(length) of \(frame.readableBytes) bytes are enough")
                            }
                        }
                        for _ in 0..<40 { try? router.decode(fuzzer.damaged(frame)) }
                    }
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(2))) func `what a damaged request asks for is answered, refused or waited for`()
        async throws
    {
        var fuzzer = seeded()
        try await withRouter { router in
            for name in ["t", "u"] {
                _ = try? await router.answer(topic(name), clientHost: "h", connectionID: 1)
            }
            for key in router.apiKeys {
                for version in key.versions {
                    for index in 0..<6 {
                        var frame = fuzzer.frame(key, version)
                        // A damaged count of partitions could be one that is allowed and large.
                        if index > 1, key != .createTopics, key != .createPartitions { frame = fuzzer.damaged(frame) }
                        await answer(frame, router)
                    }
                }
            }
        }
    }

    private func topic(_ name: String) -> ByteBuffer {
        var writer = ProtocolWriter()
        writer.int16(APIKey.createTopics.rawValue)
        writer.int16(0)
        writer.int32(0)
        writer.nullableString(nil)
        writer.array([name]) { writer, name in
            writer.string(name)
            writer.int32(3)
            writer.int16(1)
            writer.length(0)
            writer.length(0)
        }
        writer.int32(0)
        return writer.buffer
    }

    /// Nobody waits for a long poll to end: it is cancelled, as by a shutdown.
    private func answer(_ frame: ByteBuffer, _ router: RequestRouter) async {
        let asking = Task { _ = try? await router.answer(frame, clientHost: "h", connectionID: 1) }
        let limit = Task {
            try? await Task.sleep(for: .milliseconds(10))
            asking.cancel()
        }
        await asking.value
        limit.cancel()
    }

    @Test func `frames come whole out of any pieces, and a length out of bounds ends the connection`() throws {
        var fuzzer = seeded()
        for _ in 0..<300 {
            let key = APIKey.allCases[fuzzer.random.next(below: APIKey.allCases.count)]
            let frames = (0..<3).map { _ in fuzzer.frame(key, key.versions.upperBound) }
            let isBad = fuzzer.random.next(below: 3) == 0
            var stream = ByteBuffer()
            for frame in frames {
                stream.writeInteger(Int32(frame.readableBytes))
                stream.writeImmutableBuffer(frame)
            }
            if isBad { stream.writeInteger([Int32.max, -1, .min, 1 << 21][fuzzer.random.next(below: 4)]) }
            let channel = EmbeddedChannel(handler: ByteToMessageHandler(RequestFrameDecoder(limit: 1 << 20)))
            var isRefused = false
            while stream.readableBytes > 0 {
                let count = min(stream.readableBytes, 1 + fuzzer.random.next(below: 40))
                guard let piece = stream.readSlice(length: count) else { break }
                do { try channel.writeInbound(piece) } catch { isRefused = true }
            }
            var received: [ByteBuffer] = []
            while let frame = try channel.readInbound(as: ByteBuffer.self) { received.append(frame) }
            #expect(received == frames)
            #expect(isRefused == isBad)
            _ = try? channel.finish(acceptAlreadyClosed: true)
        }
    }
}
