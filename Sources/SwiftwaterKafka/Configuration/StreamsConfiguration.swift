public import Swiftwater

/// How an application runs: where Kafka is, where state lies, how often it commits.
///
/// Durations are `Duration`, sizes are bytes. What has no property of its own goes to librdkafka by name through
/// ``librdkafka``. Checked when a ``StreamsApplication`` is made.
public struct StreamsConfiguration: Sendable {
    /// Names the consumer group, and begins the names of internal topics and of the state directory (`application.id`).
    public var applicationID: String
    /// Brokers to begin with, each `host:port` (`bootstrap.servers`).
    public var bootstrapServers: [String]
    /// The directory that holds a folder for each application (`state.dir`).
    public var stateDirectory: String = "/tmp/swiftwater"
    /// How stores are kept on disk.
    public var stateOptions = StateOptions()
    /// Stream threads of this process (`num.stream.threads`); each is a member of the group.
    public var threads: Int = 1
    /// `host:port` at which other processes reach this one's queries (`application.server`); nil for nowhere.
    public var endpoint: String?

    /// How often the effects of a record count when processes crash (`processing.guarantee`).
    public var processingGuarantee = ProcessingGuarantee.atLeastOnce
    /// How often offsets are committed and state is kept: 1 s, or 100 ms under exactly-once, since what is written is seen
    /// after a commit only. (Kafka Streams: 30 s; commits are cheap here.)
    public var commitInterval: Duration {
        get { ownCommitInterval ?? (processingGuarantee == .exactlyOnce ? .milliseconds(100) : .seconds(1)) }
        set { ownCommitInterval = newValue }
    }
    private var ownCommitInterval: Duration?
    /// How long a transaction may be open before the broker aborts it (`transaction.timeout.ms`).
    public var transactionTimeout: Duration = .seconds(10)
    /// Bytes of changes that bring a task's commit forward.
    public var maximumBufferedBytes: Int = 64 << 20
    /// Records of one partition that are held in memory before it is paused.
    public var bufferedRecordsPerPartition: Int = 10_000
    /// How long a task waits for an empty input that has caught up (`max.task.idle.ms`); negative: it never waits.
    public var maximumTaskIdle: Duration = .zero
    /// False lets every update of a store go downstream (`statestore.cache.max.bytes` 0).
    public var isCachingEnabled = true
    /// What happens to records whose bytes cannot be read.
    public var deserializationHandler: any DeserializationExceptionHandler = LogAndFailDeserialization()
    /// What happens to records for which a function of the topology throws (`processing.exception.handler`, KIP-1033).
    public var processingHandler: any ProcessingExceptionHandler = LogAndFailProcessing()
    /// What happens to records that cannot be written as bytes or delivered (`production.exception.handler`). Changelog records
    /// are not asked about: a store that is ahead of its changelog is lost work.
    public var productionHandler: any ProductionExceptionHandler = DefaultProductionHandler()
    /// Where records go that a handler leaves out, or that end the application (`errors.dead.letter.queue.topic.name`,
    /// KIP-1034); it must exist. Nil sends them nowhere.
    public var deadLetterTopic: String?
    /// What runs around every node of the topology (`processor.wrapper.class`, KIP-1112); nil leaves the nodes as they are.
    public var processorWrapper: (any ProcessorWrapper)?
    /// How event times are read where a source names no extractor.
    public var timestampExtractor: any TimestampExtractor = FailOnInvalidTimestamp()
    /// Where a source begins that has no committed offset (`auto.offset.reset`).
    public var offsetReset: OffsetReset = .earliest
    /// Told how stores come back from their changelogs.
    public var restoreListener: (any StateRestoreListener)?
    /// How much is measured (`metrics.recording.level`).
    public var metricsRecordingLevel = MetricsRecordingLevel.info
    /// Copies of internal topics (`replication.factor`); -1 leaves it to the broker.
    public var replicationFactor: Int = -1

    /// How long a member may be silent before the group goes on without it.
    public var sessionTimeout: Duration = .seconds(10)
    /// How often a member tells the group that it lives, and learns of rebalances.
    public var heartbeatInterval: Duration = .milliseconds(500)
    /// How long a member may take to answer a rebalance (`max.poll.interval.ms`): one that is stuck holds up all.
    public var maximumPollInterval: Duration = .seconds(60)
    /// How long the broker holds a fetch that finds nothing.
    public var fetchWait: Duration = .milliseconds(100)
    /// How long records wait for others to be sent with them.
    public var linger: Duration = .milliseconds(5)
    /// How long a request for topics, offsets or a commit may take.
    public var requestTimeout: Duration = .seconds(30)
    /// How often records that were committed are deleted from repartition topics (`repartition.purge.interval.ms`).
    public var repartitionPurgeInterval: Duration = .seconds(30)
    /// How often the partition counts of the topics that are read are compared with the plan (`metadata.max.age.ms`).
    public var metadataInterval: Duration = .seconds(60)
    /// How long to wait for members with another topology to leave the group.
    public var peerTimeout: Duration = .seconds(600)
    /// How long a graceful shutdown may take.
    public var shutdownTimeout: Duration = .seconds(30)
    /// Properties for librdkafka, for all clients (such as `security.protocol`); those that the application needs cannot be set.
    public var librdkafka: [String: String] = [:]

    /// Settings with defaults for all but the two that have none.
    public init(applicationID: String, bootstrapServers: [String]) {
        self.applicationID = applicationID
        self.bootstrapServers = bootstrapServers
    }
}
