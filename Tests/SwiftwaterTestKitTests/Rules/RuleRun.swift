import Swiftwater
import SwiftwaterTestKit

/// Runs a topology over a few records with texts for keys and values, and shows what it wrote as `key=value@time`.
struct RuleRun {
    typealias Input = (topic: String, key: String?, value: String?, time: Timestamp)

    var dropped: [DropReason: Int] = [:]
    private var written: [String: [String]] = [:]

    /// What went to a topic.
    subscript(topic: String) -> [String] { written[topic] ?? [] }

    init(
        _ builder: StreamsBuilder,
        optimizing: TopologyOptimizations = [],
        isCachingEnabled: Bool = true,
        timestampExtractor: any TimestampExtractor = FailOnInvalidTimestamp(),
        processingHandler: any ProcessingExceptionHandler = LogAndFailProcessing(),
        _ inputs: [Input]
    ) throws {
        let driver = try TopologyTestDriver(
            try builder.build(optimizing: optimizing),
            isCachingEnabled: isCachingEnabled,
            processingHandler: processingHandler,
            timestampExtractor: timestampExtractor
        )
        for input in inputs {
            try driver.inputTopic(input.topic, key: .optional(.string), value: .optional(.string))
                .pipe(Record(key: input.key, value: input.value, timestamp: input.time))
        }
        for topic in driver.producedTopicNames {
            written[topic] = try driver.outputTopic(topic, key: .optional(.string), value: .optional(.bytes))
                .readRecords()
                .map { "\($0.key ?? "null")=\(Self.text($0.value))@\($0.timestamp)" }
        }
        dropped = driver.droppedRecords
    }

    /// Values of 8 bytes are shown as numbers, unless they are larger than any of a test.
    static func text(_ value: [UInt8]?) -> String {
        guard let value else { return "null" }
        if value.count == 8, value[0] == 0 { return String(value.reduce(Int64(0)) { $0 << 8 | Int64($1) }) }
        return String(decoding: value, as: UTF8.self)
    }
}

extension StreamsBuilder {
    /// A stream whose keys and values may be nil.
    func texts(_ topic: String) -> KStream<String?, String?> {
        stream(topic, key: .optional(.string), value: .optional(.string))
    }
}

extension KTable {
    /// Writes a table of sessions to `out`, its keys as `key[start-end`.
    func writeSessions<Plain>() where Key == Windowed<Plain>, Value == Int64 {
        toStream().map { session, count in ("\(session.key)[\(session.window.start)-\(session.window.end)", count) }
            .to("out", key: .string, value: .int64)
    }

    /// Writes a table of sessions to `out`, its keys as `key[start-end`.
    func writeSessions<Plain>() where Key == Windowed<Plain>, Value == String {
        toStream().map { session, text in ("\(session.key)[\(session.window.start)-\(session.window.end)", text) }
            .to("out", key: .string, value: .string)
    }

    /// Writes a windowed table to `out`, its keys as `key[start`.
    func writeWindows<Plain>() where Key == Windowed<Plain>, Value == Int64 {
        toStream().map { windowed, count in ("\(windowed.key)[\(windowed.window.start)", count) }
            .to("out", key: .string, value: .int64)
    }

    /// Writes a windowed table to `out`, its keys as `key[start`.
    func writeWindows<Plain>() where Key == Windowed<Plain>, Value == String {
        toStream().map { windowed, text in ("\(windowed.key)[\(windowed.window.start)", text) }
            .to("out", key: .string, value: .string)
    }
}
