internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// Carries requests to the registries of a cluster, one after the other until one answers.
///
/// All of it happens on event loops, so that a stream thread may wait for a call as well as a task.
final class RegistryTransport: Sendable {
    private let http: HTTPClient
    private let configuration: SchemaRegistryConfiguration
    private let headers: HTTPHeaders
    /// The registry that answered last.
    private let current = Atomic<Int>(0)

    init(_ configuration: SchemaRegistryConfiguration, _ http: HTTPClient) {
        self.configuration = configuration
        self.http = http
        var headers = HTTPHeaders()
        headers.add(name: "Accept", value: "application/vnd.schemaregistry.v1+json, application/json")
        headers.add(name: "Content-Type", value: "application/vnd.schemaregistry.v1+json")
        if let authentication = configuration.authentication {
            headers.add(name: "Authorization", value: authentication.header)
        }
        self.headers = headers
    }

    /// Where what is already known can be answered.
    var eventLoop: any EventLoop { http.eventLoopGroup.any() }

    /// Asks until there is an answer or the time is over; what it fails with is a `SchemaRegistryError`.
    func call<Answer: Decodable & Sendable>(_ request: RegistryRequest) -> EventLoopFuture<Answer> {
        let attempts = RegistryAttempts(configuration, first: current.load(ordering: .relaxed))
        let deadline = NIODeadline.now() + TimeAmount(configuration.timeout)
        return ask(attempts.firstURL, request, attempts, deadline, eventLoop)
    }

    private func ask<Answer: Decodable & Sendable>(
        _ url: Int,
        _ request: RegistryRequest,
        _ attempts: RegistryAttempts,
        _ deadline: NIODeadline,
        _ loop: any EventLoop
    ) -> EventLoopFuture<Answer> {
        send(request, to: configuration.urls[url], deadline, loop).map { (answer: Answer) in
            self.current.store(url, ordering: .relaxed)
            return answer
        }.flatMapError { error in
            guard let error = error as? SchemaRegistryError, error.isTransient else {
                return loop.makeFailedFuture(error)
            }
            var attempts = attempts
            let left = Duration.nanoseconds((deadline - .now()).nanoseconds)
            switch attempts.failed(left: left, chance: .random(in: 0...1)) {
            case .giveUp:
                return loop.makeFailedFuture(error)
            case .ask(let next, let wait):
                let later = attempts
                return loop.flatScheduleTask(in: TimeAmount(wait)) {
                    self.ask(next, request, later, deadline, loop)
                }.futureResult
            }
        }
    }

    /// One attempt.
    private func send<Answer: Decodable & Sendable>(
        _ request: RegistryRequest,
        to url: String,
        _ deadline: NIODeadline,
        _ loop: any EventLoop
    ) -> EventLoopFuture<Answer> {
        let asked = "\(request.method) \(url)\(request.path)"
        let message: HTTPClient.Request
        do {
            message = try HTTPClient.Request(
                url: url + request.path,
                method: HTTPMethod(rawValue: request.method),
                headers: headers,
                body: request.body.map { .bytes(Array($0)) }
            )
        } catch {
            return loop.makeFailedFuture(SchemaRegistryError(.unreachable, "\(error)", request: asked))
        }
        return http.execute(
            request: message,
            delegate: ResponseAccumulator(request: message, maxBodySize: configuration.maximumAnswerSize),
            eventLoop: .delegate(on: loop),
            deadline: min(deadline, .now() + TimeAmount(configuration.requestTimeout))
        ).futureResult.flatMapErrorThrowing { error in
            throw Self.failure(error, asked)
        }.flatMapThrowing { response in
            try Self.read(response, asked)
        }
    }

    private static func failure(_ error: any Error, _ asked: String) -> SchemaRegistryError {
        if error is ResponseAccumulator.ResponseTooBigError {
            return SchemaRegistryError(.invalidAnswer, "\(error)", request: asked)
        }
        switch error as? HTTPClientError {
        case .deadlineExceeded, .readTimeout, .writeTimeout, .connectTimeout, .getConnectionFromPoolTimeout:
            return SchemaRegistryError(.timeout, "\(error)", request: asked)
        default:
            return SchemaRegistryError(.unreachable, "\(error)", request: asked)
        }
    }

    private static func read<Answer: Decodable>(_ response: HTTPClient.Response, _ asked: String) throws -> Answer {
        let body = response.body.map { Data($0.readableBytesView) } ?? Data()
        let status = Int(response.status.code)
        if (200..<300).contains(status) {
            do {
                return try JSONDecoder().decode(Answer.self, from: body)
            } catch {
                let start = String(decoding: body.prefix(200), as: UTF8.self)
                throw SchemaRegistryError(.invalidAnswer, "status \(status), \(start)", request: asked)
            }
        }
        let answer = try? JSONDecoder().decode(ErrorAnswer.self, from: body)
        throw SchemaRegistryError(
            .refused(status: status, SchemaRegistryError.Code(rawValue: answer?.code ?? status)),
            String((answer?.message ?? response.status.reasonPhrase).prefix(1_000)),
            request: asked
        )
    }
}
