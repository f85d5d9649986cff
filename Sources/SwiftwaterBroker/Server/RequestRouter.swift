// Where a decoded request finds the code that answers it.
//
// A part of the broker (topics, produce, groups …) registers one asynchronous function for each API it serves:
//
//     router.on(HeartbeatRequest.self) { request, context in
//         await coordinator.heartbeat(request, clientID: context.clientID)
//     }
//
// The function may take as long as the protocol lets it (a long poll, a rebalance): the connection's next request is read after
// its answer, as Kafka does, and other connections are not affected. Its task is cancelled when the broker shuts down. nil means
// that the protocol has no answer (a produce with acks=0). What it throws closes the connection.

package import NIOCore

package struct RequestRouter: Sendable {
    private var endpoints: [APIKey: any Endpoint] = [:]
    /// What goes wrong on purpose.
    var faults: BrokerFaults?

    package init() {}

    package mutating func on<Request: APIRequest>(
        _ type: Request.Type,
        _ answer: @escaping @Sendable (Request, RequestContext) async throws -> Request.Response?
    ) {
        endpoints[Request.apiKey] = TypedEndpoint(answer: answer)
    }

    /// What ApiVersions tells: exactly the APIs that have a function.
    package var apiKeys: [APIKey] { endpoints.keys.sorted { $0.rawValue < $1.rawValue } }

    /// Decodes one frame (without its length) and answers it with one (with its length).
    package func answer(_ frame: ByteBuffer, clientHost: String, connectionID: Int) async throws -> ByteBuffer? {
        var reader = ProtocolReader(frame)
        let header = try RequestHeader(from: &reader)
        if header.apiKey == .apiVersions, !header.apiKey.versions.contains(header.version) {
            let answer = APIVersionsResponse(error: .unsupportedVersion, apiKeys: apiKeys)
            var v0 = header
            v0.version = 0
            return answer.frame(header: v0)
        }
        guard let endpoint = endpoints[header.apiKey] else { throw ProtocolError.unknownAPI(header.apiKey.rawValue) }
        let context = RequestContext(header: header, clientHost: clientHost, connectionID: connectionID)
        guard let faults, faults.isArmed else { return try await endpoint.answer(reader, context) }
        return try await endpoint.answer(reader, context, faults)
    }

    /// Decodes a frame and forgets it: what the fuzzers call.
    package func decode(_ frame: ByteBuffer) throws(ProtocolError) {
        var reader = ProtocolReader(frame)
        let header = try RequestHeader(from: &reader)
        guard header.apiKey.versions.contains(header.version) else { return }
        guard let endpoint = endpoints[header.apiKey] else { throw .unknownAPI(header.apiKey.rawValue) }
        try endpoint.decode(reader, version: header.version)
    }
}

/// One registered API with its types erased.
private protocol Endpoint: Sendable {
    func decode(_ reader: ProtocolReader, version: Int16) throws(ProtocolError)
    func answer(_ reader: ProtocolReader, _ context: RequestContext) async throws -> ByteBuffer?
    func answer(_ reader: ProtocolReader, _ context: RequestContext, _ faults: BrokerFaults) async throws -> ByteBuffer?
}

private struct TypedEndpoint<Request: APIRequest>: Endpoint {
    let answer: @Sendable (Request, RequestContext) async throws -> Request.Response?

    func decode(_ reader: ProtocolReader, version: Int16) throws(ProtocolError) {
        var reader = reader
        _ = try Request(from: &reader, version: version)
    }

    func answer(_ reader: ProtocolReader, _ context: RequestContext) async throws -> ByteBuffer? {
        var reader = reader
        let request = try Request(from: &reader, version: context.version)
        return try await answer(request, context)?.frame(header: context.header)
    }

    func answer(
        _ reader: ProtocolReader, _ context: RequestContext, _ faults: BrokerFaults
    ) async throws -> ByteBuffer? {
        var reader = reader
        let request = try Request(from: &reader, version: context.version)
        let refusable = request as? any RefusableRequest
        let effect = await faults.effect(
            on: Request.apiKey, clientID: context.clientID, topics: refusable?.topicNames ?? [])
        switch effect {
        case .cut: throw InjectedCut()
        case .refuse(let code):
            if let refusable { return refusable.refusalFrame(ErrorCode(rawValue: code), header: context.header) }
            guard Request.Response.self is any FailableResponse.Type else { throw InjectedCut() }
        case .delay, .loseAnswer, .misreport, .hold, nil: break
        }
        guard let response = try await answer(request, context) else { return nil }
        switch effect {
        case .loseAnswer: throw InjectedCut()
        case .refuse(let code), .misreport(let code):
            if let refusable { return refusable.refusalFrame(ErrorCode(rawValue: code), header: context.header) }
            guard var failable = response as? any FailableResponse else { throw InjectedCut() }
            failable.fail(ErrorCode(rawValue: code))
            return failable.frame(header: context.header)
        case .delay(let duration): try await Task.sleep(for: duration)
        case .cut, .hold, nil: break
        }
        return response.frame(header: context.header)
    }
}

extension RefusableRequest {
    fileprivate func refusalFrame(_ error: ErrorCode, header: RequestHeader) -> ByteBuffer? {
        refusal(error)?.frame(header: header)
    }
}

extension APIResponse {
    fileprivate func frame(header: RequestHeader) -> ByteBuffer {
        var writer = ProtocolWriter(isFlexible: header.apiKey.isFlexible(header.version))
        writer.int32(0)
        header.writeResponseHeader(to: &writer)
        write(to: &writer, version: header.version)
        writer.buffer.setInteger(Int32(truncatingIfNeeded: writer.buffer.readableBytes - 4), at: 0)
        return writer.buffer
    }
}
