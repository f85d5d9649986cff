public import Configuration
internal import Swiftwater

extension StreamsConfiguration {
    /// Reads Kafka Streams' names: `application.id`, `bootstrap.servers`, `state.dir`, `commit.interval.ms` and so on.
    ///
    /// Names that end in `.ms` are whole milliseconds. What is not there keeps its default.
    ///
    /// - Throws: ``StreamsError`` with `invalidConfiguration` that names the setting.
    public init(reader: ConfigReader) throws {
        guard let applicationID = reader.string(forKey: "application.id") else {
            throw Self.invalid("application.id", "is missing: name the application")
        }
        guard let servers = reader.string(forKey: "bootstrap.servers") else {
            throw Self.invalid("bootstrap.servers", "is missing: name brokers as host:port, separated by commas")
        }
        self.init(
            applicationID: applicationID,
            bootstrapServers: servers.split(separator: ",").map { name in
                String(name.drop { $0 == " " })
            }
        )
        stateDirectory = reader.string(forKey: "state.dir") ?? stateDirectory
        endpoint = reader.string(forKey: "application.server")
        deadLetterTopic = reader.string(forKey: "errors.dead.letter.queue.topic.name")
        threads = try Self.integer(reader, "num.stream.threads") ?? threads
        replicationFactor = try Self.integer(reader, "replication.factor") ?? replicationFactor
        bufferedRecordsPerPartition =
            try Self.integer(reader, "buffered.records.per.partition") ?? bufferedRecordsPerPartition
        if let bytes = try Self.integer(reader, "statestore.cache.max.bytes") { isCachingEnabled = bytes > 0 }
        if let interval = try Self.duration(reader, "commit.interval.ms") { commitInterval = interval }
        transactionTimeout = try Self.duration(reader, "transaction.timeout.ms") ?? transactionTimeout
        if let name = reader.string(forKey: "processing.guarantee") {
            guard let guarantee = ProcessingGuarantee(rawValue: name) else {
                throw Self.invalid("processing.guarantee", "is «\(name)»: set at_least_once or exactly_once_v2")
            }
            processingGuarantee = guarantee
        }
        maximumTaskIdle = try Self.duration(reader, "max.task.idle.ms") ?? maximumTaskIdle
        sessionTimeout = try Self.duration(reader, "session.timeout.ms") ?? sessionTimeout
        heartbeatInterval = try Self.duration(reader, "heartbeat.interval.ms") ?? heartbeatInterval
        maximumPollInterval = try Self.duration(reader, "max.poll.interval.ms") ?? maximumPollInterval
        fetchWait = try Self.duration(reader, "fetch.max.wait.ms") ?? fetchWait
        linger = try Self.duration(reader, "linger.ms") ?? linger
        metadataInterval = try Self.duration(reader, "metadata.max.age.ms") ?? metadataInterval
        repartitionPurgeInterval =
            try Self.duration(reader, "repartition.purge.interval.ms") ?? repartitionPurgeInterval
        requestTimeout = try Self.duration(reader, "request.timeout.ms") ?? requestTimeout
        switch reader.string(forKey: "auto.offset.reset") {
        case nil: break
        case "earliest": offsetReset = .earliest
        case "latest": offsetReset = .latest
        case "none": offsetReset = .none
        case let other?:
            throw Self.invalid("auto.offset.reset", "is «\(other)»: set earliest, latest or none")
        }
        switch reader.string(forKey: "metrics.recording.level")?.lowercased() {
        case nil: break
        case "info": metricsRecordingLevel = .info
        // There is nothing that only TRACE measures.
        case "debug", "trace": metricsRecordingLevel = .debug
        case let other?:
            throw Self.invalid("metrics.recording.level", "is «\(other)»: set INFO, DEBUG or TRACE")
        }
        try validate()
    }

    private static func integer(_ reader: ConfigReader, _ name: String) throws(StreamsError) -> Int? {
        // Read as text: a value that is no number must be an error, not a default.
        guard let text = reader.string(forKey: ConfigKey(stringLiteral: name)) else { return nil }
        guard let number = Int(text) else { throw invalid(name, "is «\(text)»: set a whole number") }
        return number
    }

    private static func duration(_ reader: ConfigReader, _ name: String) throws(StreamsError) -> Duration? {
        try integer(reader, name).map { .milliseconds($0) }
    }
}
