// Connections as child tasks of one task: a request is read, answered, and only then the next one is read. So the answers of a
// connection are in order, a slow request holds up nobody else, and a client that sends without reading is slowed by TCP alone.

import Logging
import NIOCore
import NIOPosix
import Synchronization

struct BrokerServer: Sendable {
    typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    let port: Int
    /// It gives the numbers under which the table has the connections.
    private let listener: NIOAsyncChannel<Int, Never>
    private let connections: ConnectionTable
    private let logger: Logger

    static func bind(
        _ configuration: EmbeddedBroker.Configuration, _ connections: ConnectionTable
    ) async throws(BrokerError) -> BrokerServer {
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
                        return connections.accept(try Connection(wrappingChannelSynchronously: channel))
                    }
                }
            let port = listener.channel.localAddress?.port ?? configuration.port
            return BrokerServer(
                port: port, listener: listener, connections: connections, logger: configuration.logger)
        } catch {
            throw .cannotListen(host: configuration.host, port: configuration.port, reason: "\(error)")
        }
    }

    func close() async {
        try? await listener.channel.close()
        await connections.close()
    }

    /// Returns when cancelled, after the last connection has ended.
    func serve(_ router: RequestRouter) async {
        do {
            try await listener.executeThenClose { numbers in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await number in numbers {
                        group.addTask { await serve(number, router) }
                    }
                }
            }
        } catch {
            if !Task.isCancelled { logger.error("the broker stopped listening", metadata: ["error": "\(error)"]) }
        }
        await connections.close()
    }

    private func serve(_ number: Int, _ router: RequestRouter) async {
        guard let connection = connections.beginServing(number) else { return }
        defer { connections.endServing(number) }
        let host = connection.channel.remoteAddress?.ipAddress ?? ""
        do {
            try await connection.executeThenClose { requests, answers in
                var isKnown = false
                for try await frame in requests {
                    if !isKnown {
                        connections.note(clientID: RequestHeader.clientID(of: frame), of: number)
                        isKnown = true
                    }
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
