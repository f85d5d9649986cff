/// The configurations a topic can have, with Apache Kafka's defaults. Those that this broker does not act on are kept and shown.
enum TopicConfig {
    struct Definition: Sendable {
        var name: String
        var builtIn: String
        var type: ConfigEntry.ValueType
        var minimum: Int64 = 0
        var choices: [String] = []
    }

    static let definitions: [Definition] = [
        Definition(name: "cleanup.policy", builtIn: "delete", type: .list, choices: ["compact", "delete"]),
        Definition(
            name: "compression.type", builtIn: "producer", type: .string,
            choices: ["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"]),
        Definition(name: "delete.retention.ms", builtIn: "86400000", type: .long),
        Definition(name: "file.delete.delay.ms", builtIn: "60000", type: .long),
        Definition(name: "flush.messages", builtIn: "9223372036854775807", type: .long, minimum: 1),
        Definition(name: "flush.ms", builtIn: "9223372036854775807", type: .long),
        Definition(name: "follower.replication.throttled.replicas", builtIn: "", type: .list),
        Definition(name: "index.interval.bytes", builtIn: "4096", type: .int),
        Definition(name: "leader.replication.throttled.replicas", builtIn: "", type: .list),
        Definition(name: "max.compaction.lag.ms", builtIn: "9223372036854775807", type: .long, minimum: 1),
        Definition(name: "max.message.bytes", builtIn: "1048588", type: .int),
        Definition(name: "message.downconversion.enable", builtIn: "true", type: .boolean),
        Definition(name: "message.timestamp.after.max.ms", builtIn: "9223372036854775807", type: .long),
        Definition(name: "message.timestamp.before.max.ms", builtIn: "9223372036854775807", type: .long),
        Definition(name: "message.timestamp.difference.max.ms", builtIn: "9223372036854775807", type: .long),
        Definition(
            name: "message.timestamp.type", builtIn: "CreateTime", type: .string,
            choices: ["CreateTime", "LogAppendTime"]),
        Definition(name: "min.cleanable.dirty.ratio", builtIn: "0.5", type: .double),
        Definition(name: "min.compaction.lag.ms", builtIn: "0", type: .long),
        Definition(name: "min.insync.replicas", builtIn: "1", type: .int, minimum: 1),
        Definition(name: "preallocate", builtIn: "false", type: .boolean),
        Definition(name: "retention.bytes", builtIn: "-1", type: .long, minimum: .min),
        Definition(name: "retention.ms", builtIn: "604800000", type: .long, minimum: -1),
        Definition(name: "segment.bytes", builtIn: "1073741824", type: .int, minimum: 14),
        Definition(name: "segment.index.bytes", builtIn: "10485760", type: .int, minimum: 4),
        Definition(name: "segment.jitter.ms", builtIn: "0", type: .long),
        Definition(name: "segment.ms", builtIn: "604800000", type: .long, minimum: 1),
        Definition(name: "unclean.leader.election.enable", builtIn: "false", type: .boolean),
    ]

    static func definition(of name: String) throws(TopicError) -> Definition {
        guard let definition = definitions.first(where: { $0.name == name }) else {
            throw TopicError(code: .invalidConfig, message: "Unknown topic config name: \(name)")
        }
        return definition
    }

    static func validate(_ configs: [String: String]) throws(TopicError) {
        for (name, value) in configs.sorted(by: { $0.key < $1.key }) {
            if let problem = problem(with: value, try definition(of: name)) {
                throw TopicError(
                    code: .invalidConfig, message: "Invalid value \(value) for configuration \(name): \(problem)")
            }
        }
        let lags = (least: configs["min.compaction.lag.ms"], most: configs["max.compaction.lag.ms"])
        if let least = lags.least.flatMap({ Int64($0) }), let most = lags.most.flatMap({ Int64($0) }), least > most {
            throw TopicError(
                code: .invalidConfig,
                message:
                    "conflict topic config setting min.compaction.lag.ms (\(least)) > max.compaction.lag.ms (\(most))")
        }
    }

    private static func problem(with value: String, _ definition: Definition) -> String? {
        switch definition.type {
        case .boolean: return value == "true" || value == "false" ? nil : "Expected value to be either true or false"
        case .int:
            guard let number = Int32(value) else { return "Not a number of type INT" }
            return Int64(number) < definition.minimum ? "Value must be at least \(definition.minimum)" : nil
        case .long:
            guard let number = Int64(value) else { return "Not a number of type LONG" }
            return number < definition.minimum ? "Value must be at least \(definition.minimum)" : nil
        case .double:
            guard let number = Double(value) else { return "Not a number of type DOUBLE" }
            return (0...1).contains(number) ? nil : "Value must be at least 0 and no more than 1"
        case .string, .list:
            let elements = definition.type == .list ? list(value) : [value]
            if definition.choices.isEmpty {
                return elements.allSatisfy { $0.allSatisfy { $0.isASCII && !$0.isNewline } } ? nil : "not a list"
            }
            let isKnown = elements.allSatisfy(definition.choices.contains)
            return isKnown && !elements.isEmpty
                ? nil : "String must be one of: \(definition.choices.joined(separator: ", "))"
        }
    }

    /// The elements of a value of type list.
    static func list(_ value: String) -> [String] {
        value.split(separator: ",").map { String($0.drop(while: { $0 == " " })) }
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
        func number(_ name: String) -> Int64? { configs[name].flatMap { Int64($0) } }
        var log = LogConfiguration()
        log.fsync = fsync
        log.logAppendTime = configs["message.timestamp.type"] == "LogAppendTime"
        if let bytes = number("segment.bytes") { log.segmentBytes = max(Int(bytes), 1024) }
        if let age = number("segment.ms") { log.segmentAge = age }
        if let bytes = number("max.message.bytes") { log.maxMessageBytes = Int(bytes) }
        if let policy = configs["cleanup.policy"] {
            log.deletes = list(policy).contains("delete")
            log.compacts = list(policy).contains("compact")
        }
        if let age = number("retention.ms") { log.retentionAge = age }
        if let bytes = number("retention.bytes") { log.retentionBytes = bytes }
        if let age = number("delete.retention.ms") { log.tombstoneAge = age }
        if let lag = number("min.compaction.lag.ms") { log.minimumCompactionLag = lag }
        if let lag = number("max.compaction.lag.ms") { log.maximumCompactionLag = lag }
        if let ratio = configs["min.cleanable.dirty.ratio"].flatMap({ Double($0) }) { log.dirtyRatio = ratio }
        return log
    }
}
