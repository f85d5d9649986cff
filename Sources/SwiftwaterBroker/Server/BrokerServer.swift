// Connections as child tasks of one task: a request is read, answered, and only then the next one is read. So the answers of a
// connection are in order, a slow request holds up nobody else, and a client that sends without reading is slowed by TCP alone.

import Logging
import NIOCore
import NIOPosix
import Synchronization

struct BrokerServer: Sendable {
    typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    let port: Int
    private let listener: NIOAsyncChannel<Connection, Never>
    private let logger: Logger

    static func bind(_ configuration: EmbeddedBroker.Configuration) async throws(BrokerError) -> BrokerServer {
        let limit = configuration.maximumRequestBytes
        do {
            let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(ChannelOptions.backlog, value: 256)
                .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(
                    ChannelOptions.recvAllocator,
                    value: AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 65_536, maximum: 1 << 20)
                )
                .bind(host: configuration.host, port: configuration.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let decoder = ByteToMessageHandler(RequestFrameDecoder(limit: limit))
                        try channel.pipeline.syncOperations.addHandler(decoder)
                        return try Connection(wrappingChannelSynchronously: channel)
                    }
                }
            let port = listener.channel.localAddress?.port ?? configuration.port
            return BrokerServer(port: port, listener: listener, logger: configuration.logger)
        } catch {
            throw .cannotListen(host: configuration.host, port: configuration.port, reason: "\(error)")
        }
    }

    func close() async {
        try? await listener.channel.close()
    }

    /// Returns when cancelled, after the last connection has ended.
    func serve(_ router: RequestRouter) async {
        do {
            try await listener.executeThenClose { connections in
                try await withThrowingDiscardingTaskGroup { group in
                    var count = 0
                    for try await connection in connections {
                        count += 1
                        let number = count
                        group.addTask { await serve(connection, number: number, router) }
                    }
                }
            }
        } catch {
            if !Task.isCancelled { logger.error("the broker stopped listening", metadata: ["error": "\(error)"]) }
        }
    }

    private func serve(_ connection: Connection, number: Int, _ router: RequestRouter) async {
        let host = connection.channel.remoteAddress?.ipAddress ?? ""
        do {
            try await connection.executeThenClose { requests, answers in
                for try await frame in requests {
                    if let answer = try await router.answer(frame, clientHost: host, connectionID: number) {
                        try await answers.write(answer)
                    }
                }
            }
        } catch let error as ProtocolError {
            logger.warning(
                "connection closed: malformed request", metadata: ["client": "\(host)", "error": "\(error)"])
        } catch {
            logger.debug("connection ended", metadata: ["client": "\(host)", "error": "\(error)"])
        }
    }
}
