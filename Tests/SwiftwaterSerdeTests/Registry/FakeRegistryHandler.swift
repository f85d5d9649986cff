import NIOCore
import NIOHTTP1
import Synchronization

/// The registry of a connection; known once its port is.
final class FakeRegistryBox: Sendable {
    let registry = Mutex<FakeRegistry?>(nil)
}

/// Reads requests and writes what the registry answers.
final class FakeRegistryHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let box: FakeRegistryBox
    private var head: HTTPRequestHead?
    private var body = ""

    init(_ box: FakeRegistryBox) {
        self.box = box
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = ""
        case .body(let part):
            body += String(buffer: part)
        case .end:
            guard let head, let registry = box.registry.withLock({ $0 }) else { return context.close(promise: nil) }
            let request = FakeRegistry.Request(
                line: "\(head.method.rawValue) \(head.uri)",
                authorization: head.headers.first(name: "Authorization"),
                body: body
            )
            write(registry.answer(request), context)
        }
    }

    private func write(_ answer: FakeRegistry.Answer, _ context: ChannelHandlerContext) {
        switch answer {
        case .silence:
            break
        case .hangUp:
            context.close(promise: nil)
        case .json(let status, let text):
            let headers: HTTPHeaders = ["Content-Length": "\(text.utf8.count)"]
            writeHead(HTTPResponseStatus(statusCode: status), headers, context)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        case .endless:
            writeHead(.ok, ["Transfer-Encoding": "chunked"], context)
            writeOn(context)
        }
    }

    private func writeHead(_ status: HTTPResponseStatus, _ headers: HTTPHeaders, _ context: ChannelHandlerContext) {
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
    }

    /// Writes until the client has had enough.
    private func writeOn(_ context: ChannelHandlerContext) {
        let part = HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(repeating: UInt8(ascii: " "), count: 64 * 1024)))
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(part)).whenSuccess {
            let (handler, context) = bound.value
            handler.writeOn(context)
        }
    }
}
