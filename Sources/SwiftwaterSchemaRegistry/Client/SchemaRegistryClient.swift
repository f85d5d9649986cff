public import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import Swiftwater

/// A client of a schema registry that speaks Confluent's interface (also Karapace, Apicurio's `ccompat`, Redpanda's).
///
/// Makes serdes with ``json(_:schema:subject:recordName:)`` and ``protobuf(_:schema:subject:)``, and answers questions of one's own. Numbers
/// of schemas and what they stand for never change, so each is asked for once. A client may be shared by everything in the
/// process; it has nothing to close. The counterpart of Confluent's `CachedSchemaRegistryClient`.
///
/// ```swift
/// let registry = try SchemaRegistryClient("http://localhost:8081")
/// let id = try await registry.register(.json(text), under: "orders-value")
/// ```
public final class SchemaRegistryClient: Sendable {
    private let transport: RegistryTransport
    private let cache = SchemaCache()

    /// Creates a client; nothing is sent before it is asked for something.
    ///
    /// Throws a `StreamsError` with the code `invalidConfiguration` where a URL or a time cannot be used.
    ///
    /// - Parameters:
    ///   - configuration: where the registries are, and how long they are waited for.
    ///   - httpClient: for certificates or a proxy of one's own; nil is a client that all registry clients of the process share.
    public init(_ configuration: SchemaRegistryConfiguration, httpClient: HTTPClient? = nil) throws {
        var configuration = configuration
        configuration.urls = try configuration.urls.map(Self.checked)
        guard !configuration.urls.isEmpty else { throw Self.invalid("name at least one URL") }
        let times = [configuration.requestTimeout, configuration.timeout, configuration.maximumRetryBackoff]
        guard times.allSatisfy({ $0 > .zero && $0 <= .seconds(86_400) }), configuration.retryBackoff >= .zero else {
            throw Self.invalid("times must be above zero and at most a day")
        }
        guard (1...Int(Int32.max)).contains(configuration.maximumAnswerSize) else {
            throw Self.invalid("the maximum answer size must be between 1 byte and 2 GiB")
        }
        transport = RegistryTransport(configuration, httpClient ?? .registry)
    }

    /// Creates a client of one registry without authentication.
    public convenience init(_ url: String) throws {
        try self.init(SchemaRegistryConfiguration(urls: [url]))
    }

    private static func checked(_ url: String) throws -> String {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), parts.host?.isEmpty == false, parts.query == nil, parts.fragment == nil
        else { throw invalid("'\(url)' is not a URL such as http://registry:8081") }
        guard parts.user == nil, parts.password == nil else {
            throw invalid("give user and password as authentication and not in the URL, which stands in logs")
        }
        return url.hasSuffix("/") ? String(url.dropLast()) : url
    }

    private static func invalid(_ what: String) -> StreamsError {
        StreamsError(.invalidConfiguration, "the schema registry's configuration: \(what)")
    }

    // MARK: Questions

    /// Registers a schema under a subject and gives its number; a schema that is there already keeps its number.
    ///
    /// Throws ``SchemaRegistryError/Code/incompatibleSchema`` where it contradicts those before it.
    public func register(_ schema: Schema, under subject: String) async throws(SchemaRegistryError) -> Int32 {
        try await Self.answer(registering(schema, under: subject))
    }

    /// The number and version of a schema that is registered under a subject; registers nothing.
    public func lookUp(_ schema: Schema, under subject: String) async throws(SchemaRegistryError) -> RegisteredSchema {
        try await Self.answer(
            transport.call(.lookUp(schema, under: subject)).map { (found: VersionAnswer) in found.value })
    }

    /// The schema that a number stands for.
    public func schema(id: Int32) async throws(SchemaRegistryError) -> Schema {
        try await Self.answer(fetching(id: id))
    }

    /// A version of a subject's schema.
    public func schema(
        under subject: String,
        version: SchemaVersion = .latest
    ) async throws(SchemaRegistryError) -> RegisteredSchema {
        try await Self.answer(fetching(version, of: subject))
    }

    /// The numbers of a subject's versions, in order.
    public func versions(of subject: String) async throws(SchemaRegistryError) -> [Int] {
        try await Self.answer(transport.call(.versions(of: subject)))
    }

    /// Whether a schema may be registered under a subject, by the rule that is configured there; registers nothing.
    ///
    /// - Parameter version: the version that it is compared with.
    public func compatibility(
        of schema: Schema,
        under subject: String,
        with version: SchemaVersion = .latest
    ) async throws(SchemaRegistryError) -> SchemaCompatibility {
        let request = RegistryRequest.compatibility(of: schema, with: version, of: subject)
        return try await Self.answer(
            transport.call(request).map { (found: CompatibilityAnswer) in
                SchemaCompatibility(isCompatible: found.isCompatible, messages: found.messages ?? [])
            })
    }

    private static func answer<Value: Sendable>(
        _ future: EventLoopFuture<Value>
    ) async throws(SchemaRegistryError) -> Value {
        do {
            return try await future.get()
        } catch {
            throw error as? SchemaRegistryError ?? SchemaRegistryError(.unreachable, "\(error)", request: "")
        }
    }

    // MARK: What tasks and stream threads both wait for

    func registering(_ schema: Schema, under subject: String) -> EventLoopFuture<Int32> {
        if let known = cache.id(of: schema, under: subject) {
            return transport.eventLoop.makeSucceededFuture(known)
        }
        return transport.call(.register(schema, under: subject)).map { (found: IDAnswer) in
            self.cache.add(schema, id: found.id, under: subject)
            return found.id
        }
    }

    func lookingUp(_ schema: Schema, under subject: String) -> EventLoopFuture<Int32> {
        if let known = cache.id(of: schema, under: subject) {
            return transport.eventLoop.makeSucceededFuture(known)
        }
        return transport.call(.lookUp(schema, under: subject)).map { (found: VersionAnswer) in
            self.cache.add(schema, id: found.id, under: subject)
            return found.id
        }
    }

    func fetching(id: Int32) -> EventLoopFuture<Schema> {
        if let known = cache.schema(id: id) {
            return transport.eventLoop.makeSucceededFuture(known)
        }
        return transport.call(.schema(id: id)).map { (found: SchemaAnswer) in
            self.cache.add(found.value, id: id)
            return found.value
        }
    }

    func fetching(_ version: SchemaVersion, of subject: String) -> EventLoopFuture<RegisteredSchema> {
        transport.call(.version(version, of: subject)).map { (found: VersionAnswer) in
            self.cache.add(found.value.schema, id: found.id)
            return found.value
        }
    }
}
