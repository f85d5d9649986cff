import RDKafka

/// What a part needs to know; and the clients' settings.
struct PartContext: Sendable {
    let part: Part
    let options: WorkloadOptions
    let addresses: String
    let run: String

    /// How many messages the runtime's consumer takes at once.
    static let batchSize = 2000
    /// Nothing happened for so long that nothing will.
    static let patience = Duration.seconds(60)

    var input: String { RunTopics.name(of: "input", run: run) }
    var output: String { RunTopics.name(of: part.output ?? "none", run: run) }

    var applicationID: String { RunTopics.name(of: part.rawValue, run: run) + "-app" }

    var inputPartitions: [TopicPartition] {
        (0..<options.partitions).map { TopicPartition(input, Int32($0)) }
    }

    /// As the runtime sets it (StreamsConfiguration+Clients.swift).
    var consumer: KafkaConfiguration {
        KafkaConfiguration([
            "bootstrap.servers": addresses, "client.id": "\(part.rawValue)", "group.id": "\(run)-\(part.rawValue)",
            "session.timeout.ms": "10000", "heartbeat.interval.ms": "500", "max.poll.interval.ms": "60000",
            "partition.assignment.strategy": "roundrobin", "auto.offset.reset": "error",
            "enable.partition.eof": "true", "isolation.level": "read_uncommitted", "fetch.wait.max.ms": "100",
            "allow.auto.create.topics": "false", "queued.min.messages": "10000000",
        ])
    }

    /// As the runtime sets it.
    var producer: KafkaConfiguration {
        KafkaConfiguration([
            "bootstrap.servers": addresses, "client.id": "\(part.rawValue)-producer", "linger.ms": "5",
            "enable.idempotence": "true", "queue.buffering.max.messages": "200000",
            "queue.buffering.max.kbytes": "131072",
        ])
    }
}
