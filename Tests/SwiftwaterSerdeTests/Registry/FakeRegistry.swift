import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import SwiftwaterSchemaRegistry
import Synchronization

/// A schema registry on a free port: it keeps schemas as the real one does, and answers as a test wants where the test says so.
final class FakeRegistry: Sendable {
    /// What a request is answered with.
    enum Answer: Sendable {
        case json(status: Int, String)
        /// Nothing, while the connection stays.
        case silence
        /// The connection closes.
        case hangUp
        /// A body that never ends.
        case endless
    }

    /// A request as it came.
    struct Request: Sendable, Equatable {
        var line: String
        var authorization: String?
        var body: String
    }

    private struct State {
        var schemas: [Schema] = []
        var subjects: [String: [Int]] = [:]
        var scripted: [Answer] = []
        var requests: [Request] = []
    }

    private let state = Mutex(State())
    private let channel: any Channel

    private init(_ make: @Sendable @escaping (any Channel, FakeRegistryBox) -> EventLoopFuture<Void>) async throws {
        let box = FakeRegistryBox()
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in make(channel, box) }
            .bind(host: "127.0.0.1", port: 0).get()
        box.registry.withLock { $0 = self }
    }

    /// Runs a test with a registry of its own.
    static func run<Result>(_ body: (FakeRegistry) async throws -> Result) async throws -> Result {
        let registry = try await FakeRegistry { channel, box in
            channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
                try channel.pipeline.syncOperations.addHandler(FakeRegistryHandler(box))
            }
        }
        do {
            let result = try await body(registry)
            try await registry.channel.close().get()
            return result
        } catch {
            try? await registry.channel.close().get()
            throw error
        }
    }

    var url: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }
    var requests: [Request] { state.withLock { $0.requests } }
    var lines: [String] { requests.map(\.line) }

    /// Answers the next requests so, whatever they are.
    func script(_ answers: Answer...) {
        state.withLock { $0.scripted += answers }
    }

    /// Answers as a registry does from now on.
    func unscript() {
        state.withLock { $0.scripted = [] }
    }

    /// Keeps a schema as if somebody else had registered it; gives its number.
    @discardableResult
    func add(_ schema: Schema, under subject: String) -> Int32 {
        state.withLock { Int32(Self.add(schema, subject, &$0)) }
    }

    func answer(_ request: Request) -> Answer {
        state.withLock { state in
            state.requests.append(request)
            if !state.scripted.isEmpty { return state.scripted.removeFirst() }
            return Self.answer(request, &state)
        }
    }

    // MARK: What the real one does

    private static func add(_ schema: Schema, _ subject: String, _ state: inout State) -> Int {
        let known = state.schemas.firstIndex(of: schema)
        if known == nil { state.schemas.append(schema) }
        let id = (known ?? state.schemas.count - 1) + 1
        if state.subjects[subject]?.contains(id) != true { state.subjects[subject, default: []].append(id) }
        return id
    }

    private static func answer(_ request: Request, _ state: inout State) -> Answer {
        let words = request.line.split(separator: " ")
        let path = words[1].split(separator: "?")[0].split(separator: "/").map { $0.removingPercentEncoding ?? "" }
        switch (words[0], path.count, path.first) {
        case ("GET", 3, "schemas"):
            guard let id = Int(path[2]), state.schemas.indices.contains(id - 1) else {
                return .error(404, 40403, "Schema not found")
            }
            return .object(fields(of: state.schemas[id - 1]))
        case ("GET", 3, "subjects"):
            guard let ids = state.subjects[path[1]] else { return .error(404, 40401, "Subject not found") }
            return .json(status: 200, "\(Array(1...ids.count))")
        case ("GET", 4, "subjects"):
            guard let ids = state.subjects[path[1]] else { return .error(404, 40401, "Subject not found") }
            guard let version = path[3] == "latest" ? ids.count : Int(path[3]), version > 0 else {
                return .error(422, 42202, "The specified version is not valid")
            }
            guard version <= ids.count else { return .error(404, 40402, "Version not found") }
            return .object(found(version, ids, path[1], state))
        case ("POST", 3, "subjects"):
            guard let schema = schema(request.body) else { return .error(422, 42201, "Invalid schema") }
            return .object(["id": add(schema, path[1], &state)])
        case ("POST", 2, "subjects"):
            guard let ids = state.subjects[path[1]] else { return .error(404, 40401, "Subject not found") }
            guard let schema = schema(request.body), let index = state.schemas.firstIndex(of: schema),
                let version = ids.firstIndex(of: index + 1)
            else { return .error(404, 40403, "Schema not found") }
            return .object(found(version + 1, ids, path[1], state))
        case ("POST", 5, "compatibility"):
            let isCompatible = schema(request.body)?.text.contains("breaking") == false
            return .object(["is_compatible": isCompatible, "messages": isCompatible ? [] : ["a field was removed"]])
        default:
            return .error(404, 404, "HTTP 404 Not Found")
        }
    }

    private static func found(_ version: Int, _ ids: [Int], _ subject: String, _ state: State) -> [String: Any] {
        let id = ids[version - 1]
        var all = fields(of: state.schemas[id - 1])
        all["subject"] = subject
        all["version"] = version
        all["id"] = id
        return all
    }

    private static func fields(of schema: Schema) -> [String: Any] {
        var fields: [String: Any] = ["schema": schema.text]
        if schema.type != .avro { fields["schemaType"] = schema.type.rawValue }
        if !schema.references.isEmpty {
            fields["references"] = schema.references.map {
                ["name": $0.name, "subject": $0.subject, "version": $0.version] as [String: Any]
            }
        }
        return fields
    }

    private static func schema(_ body: String) -> Schema? {
        struct Body: Decodable {
            var schema: String
            var schemaType: String?
            var references: [SchemaReference]?
        }
        guard let body = try? JSONDecoder().decode(Body.self, from: Data(body.utf8)) else { return nil }
        let type = body.schemaType.map(SchemaType.init) ?? .avro
        return Schema(type, body.schema, references: body.references ?? [])
    }
}

extension FakeRegistry.Answer {
    static func error(_ status: Int, _ code: Int, _ message: String) -> FakeRegistry.Answer {
        .object(["error_code": code, "message": message], status: status)
    }

    static func object(_ fields: [String: Any], status: Int = 200) -> FakeRegistry.Answer {
        let data = (try? JSONSerialization.data(withJSONObject: fields)) ?? Data()
        return .json(status: status, String(decoding: data, as: UTF8.self))
    }
}
