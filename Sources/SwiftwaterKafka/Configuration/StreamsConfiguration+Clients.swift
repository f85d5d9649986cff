internal import Logging
internal import RDKafka
internal import Swiftwater

extension StreamsConfiguration {
    /// For the member of the group that a stream thread is.
    func consumer(_ clientID: ClientID, _ logger: Logger) -> KafkaConfiguration {
        var properties = common(clientID.description, logger)
        properties["group.id"] = applicationID
        properties["session.timeout.ms"] = Self.milliseconds(sessionTimeout)
        properties["heartbeat.interval.ms"] = Self.milliseconds(heartbeatInterval)
        properties["max.poll.interval.ms"] = Self.milliseconds(maximumPollInterval)
        properties["partition.assignment.strategy"] = "roundrobin"
        // Partitions are assigned with explicit offsets: one out of range must show.
        properties["auto.offset.reset"] = "error"
        reading(&properties)
        return properties
    }

    /// For a consumer that reads changelogs and joins no group.
    func restorer(_ clientID: ClientID, _ logger: Logger) -> KafkaConfiguration {
        var properties = common("\(clientID)-restore", logger)
        properties["group.id"] = "\(applicationID)-restore"
        properties["auto.offset.reset"] = "error"
        reading(&properties)
        return properties
    }

    func producer(_ clientID: ClientID, _ logger: Logger) -> KafkaConfiguration {
        var properties = common("\(clientID)-producer", logger)
        properties["linger.ms"] = Self.milliseconds(linger)
        properties["enable.idempotence"] = "true"
        if processingGuarantee == .exactlyOnce {
            // Stable, so that a restart ends its own open transaction at once.
            properties["transactional.id"] = "\(clientID.applicationID)-\(clientID.processID)-\(clientID.thread)"
            properties["transaction.timeout.ms"] = Self.milliseconds(transactionTimeout)
        }
        properties.properties.merge(
            ["queue.buffering.max.messages": "200000", "queue.buffering.max.kbytes": "131072"]) { own, _ in own }
        return properties
    }

    /// For the consumer that reads the topics of global tables and joins no group.
    func globalConsumer(_ processID: String, _ logger: Logger) -> KafkaConfiguration {
        var properties = common("\(applicationID)-\(processID)-global", logger)
        properties["group.id"] = "\(applicationID)-global"
        properties["auto.offset.reset"] = "error"
        reading(&properties)
        return properties
    }

    /// For dead letters of the global thread.
    func letterProducer(_ processID: String, _ logger: Logger) -> KafkaConfiguration {
        var properties = common("\(applicationID)-\(processID)-global-letters", logger)
        properties["linger.ms"] = Self.milliseconds(linger)
        properties["enable.idempotence"] = "true"
        return properties
    }

    func admin(_ logger: Logger) -> KafkaConfiguration {
        common("\(applicationID)-admin", logger)
    }

    /// For asking where changelogs end, open transactions included.
    func lagReader(_ logger: Logger) -> KafkaConfiguration {
        var properties = common("\(applicationID)-lags", logger)
        properties["group.id"] = "\(applicationID)-lags"
        properties["isolation.level"] = "read_uncommitted"
        return properties
    }

    private func reading(_ properties: inout KafkaConfiguration) {
        properties["enable.partition.eof"] = "true"
        properties["isolation.level"] = processingGuarantee == .exactlyOnce ? "read_committed" : "read_uncommitted"
        properties["fetch.wait.max.ms"] = Self.milliseconds(fetchWait)
        // Above this many, librdkafka 2.0.2 stops fetching for up to a second; the limit in bytes (64 MiB) is the one that counts.
        properties.properties.merge(["queued.min.messages": "10000000"]) { own, _ in own }
        properties["allow.auto.create.topics"] = "false"
    }

    private func common(_ clientID: String, _ logger: Logger) -> KafkaConfiguration {
        var properties = KafkaConfiguration(librdkafka)
        properties["bootstrap.servers"] = bootstrapServers.joined(separator: ",")
        properties["client.id"] = clientID
        // librdkafka waits up to 10 s before it looks for a broker again: a session would be over by then.
        properties.properties.merge(["reconnect.backoff.max.ms": "1000"]) { own, _ in own }
        properties.log = { line in
            let level: Logger.Level = line.level <= 3 ? .warning : line.level <= 5 ? .info : .debug
            logger.log(level: level, "librdkafka: \(line.text)", metadata: ["facility": "\(line.facility)"])
        }
        return properties
    }

    static func milliseconds(_ duration: Duration) -> String {
        let parts = duration.components
        return String(parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000)
    }
}
