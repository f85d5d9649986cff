import Swiftwater
import Testing

@testable import SwiftwaterSchemaRegistry

@Suite struct SchemaRegistryClientTests {
    private let schema = Schema.json(#"{"type":"object"}"#)

    /// A client that is patient with nothing.
    private func client(
        _ urls: [String],
        authentication: SchemaRegistryAuthentication? = nil,
        retries: Int = 2,
        requestTimeout: Duration = .seconds(10)
    ) throws -> SchemaRegistryClient {
        var configuration = SchemaRegistryConfiguration(urls: urls, authentication: authentication)
        configuration.retries = retries
        configuration.retryBackoff = .milliseconds(1)
        configuration.requestTimeout = requestTimeout
        configuration.maximumAnswerSize = 256 * 1024
        return try SchemaRegistryClient(configuration)
    }

    private func failure<Value>(
        _ body: () async throws -> Value
    ) async -> SchemaRegistryError? {
        await #expect(throws: SchemaRegistryError.self) { _ = try await body() }
    }

    @Test func `X-06 schemas are registered, found by number, by version and by text, and compared`() async throws {
        try await FakeRegistry.run { registry in
            let client = try client([registry.url + "/"])
            let imported = SchemaReference(name: "other.proto", subject: "other", version: 1)
            let second = Schema.protobuf("message A {}", references: [imported])
            #expect(try await client.register(schema, under: "orders-value") == 1)
            #expect(try await client.register(second, under: "orders-value") == 2)
            #expect(try await client.versions(of: "orders-value") == [1, 2])
            let latest = RegisteredSchema(subject: "orders-value", version: 2, id: 2, schema: second)
            #expect(try await client.schema(under: "orders-value") == latest)
            #expect(try await client.schema(under: "orders-value", version: 1).schema == schema)
            #expect(try await client.lookUp(second, under: "orders-value") == latest)
            #expect(try await client.compatibility(of: schema, under: "orders-value").isCompatible)
            let breaking = try await client.compatibility(of: .json("breaking"), under: "orders-value", with: 1)
            #expect(breaking == SchemaCompatibility(isCompatible: false, messages: ["a field was removed"]))
            #expect(
                registry.lines == [
                    "POST /subjects/orders-value/versions", "POST /subjects/orders-value/versions",
                    "GET /subjects/orders-value/versions", "GET /subjects/orders-value/versions/latest",
                    "GET /subjects/orders-value/versions/1", "POST /subjects/orders-value",
                    "POST /compatibility/subjects/orders-value/versions/latest?verbose=true",
                    "POST /compatibility/subjects/orders-value/versions/1?verbose=true",
                ])
            #expect(registry.requests[0].body == #"{"schema":"{\"type\":\"object\"}","schemaType":"JSON"}"#)
        }
    }

    @Test func `X-06 a schema without a type is Avro, in both directions`() async throws {
        try await FakeRegistry.run { registry in
            let client = try client([registry.url])
            let avro = Schema(.avro, #""string""#)
            #expect(try await client.register(avro, under: "a") == 1)
            #expect(registry.requests[0].body == #"{"schema":"\"string\""}"#)
            #expect(try await self.client([registry.url]).schema(id: 1) == avro)
        }
    }

    @Test func `X-06 numbers and schemas are asked for once`() async throws {
        try await FakeRegistry.run { registry in
            registry.add(schema, under: "s")
            let client = try client([registry.url])
            for _ in 0..<3 {
                #expect(try await client.schema(id: 1) == schema)
                #expect(try await client.register(schema, under: "s") == 1)
            }
            #expect(registry.lines == ["GET /schemas/ids/1", "POST /subjects/s/versions"])
        }
    }

    @Test func `X-06 a subject is one part of the path, whatever it is called`() async throws {
        try await FakeRegistry.run { registry in
            let client = try client([registry.url])
            #expect(try await client.register(schema, under: "a/b c?d#ü") == 1)
            #expect(registry.lines == ["POST /subjects/a%2Fb%20c%3Fd%23%C3%BC/versions"])
            #expect(try await client.versions(of: "a/b c?d#ü") == [1])
        }
    }

    @Test func `X-06 credentials are sent and are no text`() async throws {
        try await FakeRegistry.run { registry in
            let basic = SchemaRegistryAuthentication.basic(user: "ada", password: "s3cret")
            registry.add(schema, under: "s")
            _ = try await client([registry.url], authentication: basic).schema(id: 1)
            _ = try await client([registry.url], authentication: .bearer(token: "t0ken")).schema(id: 1)
            _ = try await client([registry.url]).schema(id: 1)
            #expect(registry.requests.map(\.authorization) == ["Basic YWRhOnMzY3JldA==", "Bearer t0ken", nil])
            var dumped = ""
            dump([basic, .bearer(token: "t0ken")], to: &dumped)
            #expect(!dumped.contains("s3cret") && !dumped.contains("t0ken") && "\(basic)" == "basic(ada)")
        }
    }

    @Test(
        arguments: [
            (404, 40401, .subjectNotFound), (404, 40402, .versionNotFound), (404, 40403, .schemaNotFound),
            (409, 409, .incompatibleSchema), (422, 42201, .invalidSchema), (422, 42202, .invalidVersion),
            (401, 401, .unauthorized), (403, 403, .forbidden), (422, 42205, .operationNotPermitted),
        ] as [(Int, Int, SchemaRegistryError.Code)])
    func `X-06 a refusal is final and tells the registry's error`(
        status: Int, number: Int, code: SchemaRegistryError.Code
    ) async throws {
        try await FakeRegistry.run { registry in
            registry.script(.error(status, number, "no, because"))
            let error = await failure { try await client([registry.url]).register(schema, under: "s") }
            #expect(error?.reason == .refused(status: status, code))
            #expect(error?.message == "no, because")
            #expect(error?.request == "POST \(registry.url)/subjects/s/versions")
            #expect(error?.isNotFound == (status == 404))
            #expect(registry.requests.count == 1)
        }
    }

    @Test func `X-06 a 404 that the registry did not write says nothing of schemas`() async throws {
        try await FakeRegistry.run { registry in
            registry.script(.json(status: 404, "<html>not here</html>"), .error(404, 404, "HTTP 404 Not Found"))
            for _ in 0..<2 {
                let error = await failure { try await client([registry.url]).schema(id: 1) }
                #expect(error?.reason == .refused(status: 404, SchemaRegistryError.Code(rawValue: 404)))
                #expect(error?.isNotFound == false)
            }
        }
    }

    @Test func `X-06 failures of a registry are tried again`() async throws {
        try await FakeRegistry.run { registry in
            registry.add(schema, under: "s")
            let once = try client([registry.url])
            registry.script(.error(500, 50001, "store"), .json(status: 429, ""))
            #expect(try await once.schema(id: 1) == schema)
            #expect(registry.requests.count == 3)
            registry.script(.hangUp, .json(status: 200, "no JSON"))
            let twice = try client([registry.url])
            #expect(try await twice.schema(id: 1) == schema)
            registry.script(.error(503, 50003, "primary"), .error(503, 50003, "primary"), .error(500, 50002, "last"))
            let error = await failure { try await client([registry.url]).schema(id: 1) }
            #expect(error?.code == .operationTimeout)
        }
    }

    @Test func `X-06 another registry is asked where one does not answer, and asked first from then on`() async throws {
        try await FakeRegistry.run { first in
            try await FakeRegistry.run { second in
                second.add(schema, under: "s")
                first.script(.hangUp)
                // Nothing listens on port 1.
                let client = try client(["http://127.0.0.1:1", first.url, second.url])
                #expect(try await client.schema(id: 1) == schema)
                #expect(try await client.versions(of: "s") == [1])
                #expect(first.requests.count == 1)
                #expect(second.requests.count == 2)
            }
        }
    }

    @Test func `X-06 no connection and no answer are told apart`() async throws {
        let refused = await failure { try await client(["http://127.0.0.1:1"], retries: 0).schema(id: 1) }
        #expect(refused?.reason == .unreachable)
        try await FakeRegistry.run { registry in
            registry.script(.silence)
            let late = await failure {
                try await client([registry.url], retries: 0, requestTimeout: .milliseconds(50)).schema(id: 1)
            }
            #expect(late?.reason == .timeout)
        }
    }

    @Test func `X-06 a call ends with its time, whatever is left to try`() async throws {
        try await FakeRegistry.run { registry in
            registry.script(.silence, .silence, .silence)
            var configuration = SchemaRegistryConfiguration(urls: [registry.url])
            configuration.timeout = .milliseconds(100)
            let client = try SchemaRegistryClient(configuration)
            #expect(await failure { try await client.schema(id: 1) }?.reason == .timeout)
            #expect(registry.requests.count <= 1, "or none, if the connection came too late")
        }
    }

    @Test(
        arguments: [
            .endless, .json(status: 200, ""), .json(status: 200, "[]"), .json(status: 200, #"{"schema":7}"#),
            .json(status: 200, #"{"error_code":40403,"message":"Schema not found"}"#),
            .json(status: 200, String(repeating: " ", count: 300 * 1024)), .json(status: 204, ""),
            .json(status: 200, #"{"schema":"\ud800"}"#),
        ] as [FakeRegistry.Answer])
    func `X-06 what is no answer of a registry is an error that is not mistaken for one`(
        answer: FakeRegistry.Answer
    ) async throws {
        try await FakeRegistry.run { registry in
            registry.script(answer)
            let error = await failure { try await client([registry.url], retries: 0).schema(id: 1) }
            #expect(error?.reason == .invalidAnswer)
            #expect(error?.isNotFound == false)
            #expect((error?.description.utf8.count ?? 0) < 2_000)
        }
    }

    @Test func `X-06 a number that does not fit the wire format is not taken`() async throws {
        try await FakeRegistry.run { registry in
            registry.script(.json(status: 200, #"{"id":4294967296}"#))
            let error = await failure { try await client([registry.url], retries: 0).register(schema, under: "s") }
            #expect(error?.reason == .invalidAnswer)
        }
    }

    @Test(arguments: [
        "", "registry:8081", "ftp://registry", "http://", "http://ada:pw@registry", "http://registry?x=1",
    ])
    func `X-06 a URL that cannot work is refused before anything is sent`(url: String) {
        let error = #expect(throws: StreamsError.self) { try SchemaRegistryClient(url) }
        #expect(error?.code == .invalidConfiguration)
    }
}
