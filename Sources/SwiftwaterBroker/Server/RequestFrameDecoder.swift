import NIOCore

/// Cuts the stream at the four-byte length before every request, and refuses a length beyond the limit before it is waited for.
struct RequestFrameDecoder: ByteToMessageDecoder {
    typealias InboundOut = ByteBuffer

    let limit: Int

    mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        guard let announced = buffer.getInteger(at: buffer.readerIndex, as: Int32.self) else { return .needMoreData }
        let length = Int(announced)
        guard length >= 0 else { throw ProtocolError.negativeLength(length) }
        guard length <= limit else { throw ProtocolError.frameTooLarge(size: length, limit: limit) }
        guard buffer.readableBytes >= 4 + length else { return .needMoreData }
        buffer.moveReaderIndex(forwardBy: 4)
        guard let frame = buffer.readSlice(length: length) else { return .needMoreData }
        context.fireChannelRead(wrapInboundOut(frame))
        return .continue
    }
}
