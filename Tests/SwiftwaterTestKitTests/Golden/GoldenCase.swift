import Foundation

/// One recording of the golden corpus: a topology, what was piped into it, and all that Kafka Streams wrote.
struct GoldenCase: Decodable, Sendable {
    struct Topic: Decodable, Sendable {
        var name: String
        var keySerde: String
        var valueSerde: String
    }

    struct Header: Decodable, Sendable, Equatable {
        var key: String
        var value: String?
    }

    struct Output: Decodable, Sendable, Equatable {
        var topic: String
        var key: GoldenValue?
        var value: GoldenValue?
        var timestamp: Int64
        var headers: [Header]?
        var windowStart: Int64?
        var windowEnd: Int64?
    }

    struct Step: Decodable, Sendable {
        var op: String
        var topic: String?
        var key: GoldenValue?
        var value: GoldenValue?
        var valueBase64: String?
        var timestamp: Int64?
        var headers: [Header]?
        var ms: Int64?
        var expect: [Output]
    }

    struct Version: Decodable, Sendable {
        var asOf: Int64
        var value: GoldenValue?
        var timestamp: Int64?
    }

    struct Entry: Decodable, Sendable {
        var key: GoldenValue
        var value: GoldenValue?
        var timestamp: Int64?
        var windowStart: Int64?
        var windowEnd: Int64?
        var asOf: [Version]?
    }

    struct Store: Decodable, Sendable {
        var kind: String
        var entries: [Entry]?
    }

    struct Failure: Decodable, Sendable {
        var step: Int
        var exception: String
    }

    var id: String
    var topology: String
    var config: [String: String]
    var inputTopics: [Topic]
    var outputTopics: [Topic]
    var describe: String
    var steps: [Step]
    var finalStores: [String: Store]?
    var internalTopicRecords: [String: Int]?
    var droppedRecords: Int?
    var error: Failure?
}
