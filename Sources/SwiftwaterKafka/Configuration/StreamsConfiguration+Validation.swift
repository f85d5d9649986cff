package import Swiftwater

extension StreamsConfiguration {
    /// Properties that the commit protocol and the assignment stand on.
    static let reserved: Set<String> = [
        "application.id", "auto.offset.reset", "bootstrap.servers", "client.id", "enable.auto.commit",
        "enable.auto.offset.store", "enable.idempotence", "enable.partition.eof", "group.id", "group.instance.id",
        "heartbeat.interval.ms", "isolation.level", "linger.ms", "max.poll.interval.ms", "metadata.broker.list",
        "partition.assignment.strategy", "session.timeout.ms", "transaction.timeout.ms", "transactional.id",
        "allow.auto.create.topics",
    ]

    /// - Throws: `invalidConfiguration` that names the setting and says what to do.
    package func validate() throws(StreamsError) {
        try validateNames()
        try requirePositive(commitInterval, "commitInterval")
        try requirePositive(transactionTimeout, "transactionTimeout")
        try requirePositive(sessionTimeout, "sessionTimeout")
        try requirePositive(heartbeatInterval, "heartbeatInterval")
        try requirePositive(maximumPollInterval, "maximumPollInterval")
        try requirePositive(requestTimeout, "requestTimeout")
        try requirePositive(metadataInterval, "metadataInterval")
        try requirePositive(repartitionPurgeInterval, "repartitionPurgeInterval")
        try requirePositive(peerTimeout, "peerTimeout")
        try requirePositive(shutdownTimeout, "shutdownTimeout")
        try require(threads, in: 1...999, "threads")
        try require(bufferedRecordsPerPartition, in: 1...100_000_000, "bufferedRecordsPerPartition")
        try require(maximumBufferedBytes, in: 1 << 16...Int.max, "maximumBufferedBytes")
        guard replicationFactor == -1 || (1...Int(Int16.max)).contains(replicationFactor) else {
            throw Self.invalid("replicationFactor", "is \(replicationFactor): set -1 (the broker's) or at least 1")
        }
        guard fetchWait >= .zero, linger >= .zero else {
            throw Self.invalid("fetchWait or linger", "is negative: set zero or more")
        }
        guard heartbeatInterval * 3 <= sessionTimeout else {
            throw Self.invalid(
                "heartbeatInterval", "is more than a third of sessionTimeout (\(sessionTimeout)): make it shorter")
        }
        guard sessionTimeout <= maximumPollInterval else {
            throw Self.invalid(
                "sessionTimeout", "is longer than maximumPollInterval (\(maximumPollInterval)): make it shorter")
        }
        guard commitInterval < maximumPollInterval else {
            throw Self.invalid(
                "commitInterval", "is not shorter than maximumPollInterval (\(maximumPollInterval)): make it shorter")
        }
        guard processingGuarantee == .atLeastOnce || commitInterval < transactionTimeout else {
            throw Self.invalid(
                "commitInterval", "is not shorter than transactionTimeout (\(transactionTimeout)): make it shorter")
        }
        if let key = librdkafka.keys.sorted().first(where: { Self.reserved.contains($0) }) {
            throw Self.invalid("librdkafka", "sets \(key), which the application sets itself: leave it out")
        }
    }

    private func validateNames() throws(StreamsError) {
        let isLegal = applicationID.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isLegal, !applicationID.isEmpty, ![".", ".."].contains(applicationID), applicationID.utf8.count <= 200
        else {
            throw Self.invalid(
                "applicationID", "is «\(applicationID)»: use 1 to 200 of the characters a-z, A-Z, 0-9, '.', '_' and '-'"
            )
        }
        guard !bootstrapServers.isEmpty, bootstrapServers.allSatisfy({ !$0.isEmpty && !$0.contains(",") }) else {
            throw Self.invalid("bootstrapServers", "is \(bootstrapServers): name at least one broker as host:port")
        }
        guard !stateDirectory.isEmpty else {
            throw Self.invalid("stateDirectory", "is empty: name a directory that this process may write")
        }
        guard stateOptions.mapSize >= 1 << 20, stateOptions.maximumReaders >= 1, stateOptions.minimumFreeBytes >= 0,
            stateOptions.patience > .zero
        else {
            throw Self.invalid(
                "stateOptions",
                "is \(stateOptions): set a map of at least 1 MiB, at least one reader, and some patience")
        }
        guard deadLetterTopic?.isEmpty != true else {
            throw Self.invalid("deadLetterTopic", "is empty: name a topic, or nil for none")
        }
        guard endpoint?.contains(ClientID.separator) != true else {
            throw Self.invalid("endpoint", "contains '|': set host:port")
        }
    }

    private func requirePositive(_ value: Duration, _ name: String) throws(StreamsError) {
        guard value >= .milliseconds(1), value <= .seconds(86_400) else {
            throw Self.invalid(name, "is \(value): set from 1 ms to a day")
        }
    }

    private func require(_ value: Int, in range: ClosedRange<Int>, _ name: String) throws(StreamsError) {
        guard range.contains(value) else {
            throw Self.invalid(name, "is \(value): set \(range.lowerBound) to \(range.upperBound)")
        }
    }

    static func invalid(_ setting: String, _ problem: String) -> StreamsError {
        StreamsError(.invalidConfiguration, "\(setting) \(problem)")
    }
}
