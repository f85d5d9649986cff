/// The configurations a topic can have, with Apache Kafka's defaults. Those that this broker does not act on are kept and shown.
enum TopicConfig {
    struct Definition: Sendable {
        var name: String
        var builtIn: String
        var type: ConfigEntry.ValueType
        var choices: [String] = []
    }

    static let definitions: [Definition] = [
        Definition(name: "cleanup.policy", builtIn: "delete", type: .list, choices: ["delete", "compact"]),
        Definition(
            name: "compression.type", builtIn: "producer", type: .string,
            choices: ["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"]),
        Definition(name: "delete.retention.ms", builtIn: "86400000", type: .long),
        Definition(name: "file.delete.delay.ms", builtIn: "60000", type: .long),
        Definition(name: "flush.messages", builtIn: "9223372036854775807", type: .long),
        Definition(name: "flush.ms", builtIn: "9223372036854775807", type: .long),
        Definition(name: "index.interval.bytes", builtIn: "4096", type: .int),
        Definition(name: "max.compaction.lag.ms", builtIn: "9223372036854775807", type: .long),
        Definition(name: "max.message.bytes", builtIn: "1048588", type: .int),
        Definition(
            name: "message.timestamp.type", builtIn: "CreateTime", type: .string,
            choices: ["CreateTime", "LogAppendTime"]),
        Definition(name: "min.cleanable.dirty.ratio", builtIn: "0.5", type: .double),
        Definition(name: "min.compaction.lag.ms", builtIn: "0", type: .long),
        Definition(name: "min.insync.replicas", builtIn: "1", type: .int),
        Definition(name: "preallocate", builtIn: "false", type: .boolean),
        Definition(name: "retention.bytes", builtIn: "-1", type: .long),
        Definition(name: "retention.ms", builtIn: "604800000", type: .long),
        Definition(name: "segment.bytes", builtIn: "1073741824", type: .int),
        Definition(name: "segment.index.bytes", builtIn: "10485760", type: .int),
        Definition(name: "segment.jitter.ms", builtIn: "0", type: .long),
        Definition(name: "segment.ms", builtIn: "604800000", type: .long),
        Definition(name: "unclean.leader.election.enable", builtIn: "false", type: .boolean),
    ]

    static func validate(_ name: String, _ value: String) throws(TopicError) {
        guard let definition = definitions.first(where: { $0.name == name }) else {
            throw TopicError(code: .invalidConfig, message: "Unknown topic config name: \(name)")
        }
        guard accepts(value, definition) else {
            throw TopicError(code: .invalidConfig, message: "Invalid value \(value) for configuration \(name)")
        }
    }

    private static func accepts(_ value: String, _ definition: Definition) -> Bool {
        switch definition.type {
        case .boolean: value == "true" || value == "false"
        case .int: Int32(value).map { $0 >= 0 } ?? false
        case .long: Int64(value).map { $0 >= -1 } ?? false
        case .double: Double(value).map { (0...1).contains($0) } ?? false
        case .string: definition.choices.contains(value)
        case .list:
            value.split(separator: ",", omittingEmptySubsequences: false).allSatisfy {
                definition.choices.contains(String($0).trimmingPrefix(" ").description)
            }
        }
    }

    static func entries(_ configs: [String: String]) -> [ConfigEntry] {
        definitions.map { definition in
            ConfigEntry(
                name: definition.name, value: configs[definition.name] ?? definition.builtIn,
                source: configs[definition.name] == nil ? .builtIn : .topic, type: definition.type,
                builtInValue: definition.builtIn)
        }
    }

    static func log(_ configs: [String: String], fsync: Bool) -> LogConfiguration {
        var log = LogConfiguration()
        log.fsync = fsync
        log.logAppendTime = configs["message.timestamp.type"] == "LogAppendTime"
        if let bytes = configs["segment.bytes"].flatMap({ Int($0) }) { log.segmentBytes = max(bytes, 1024) }
        if let bytes = configs["max.message.bytes"].flatMap({ Int($0) }) { log.maxMessageBytes = bytes }
        return log
    }
}
