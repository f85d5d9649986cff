import CRDKafka

/// What a consumer's callbacks fill, on the polling thread: events wait here until the owner asks for them.
final class ConsumerState: ClientState {
    private var events: [ConsumerEvent] = []
    private var next = 0
    /// A rebalance waits for the owner's answer.
    var awaitsAnswer = false
    /// Set while one message is being waited for: then a rebalance ends the wait. (A batch must not be interrupted: 2.0.2 drops
    /// the message at hand.)
    var endsWaitOnRebalance = false

    var isEmpty: Bool { next == events.count }

    func append(_ event: ConsumerEvent) {
        events.append(event)
    }

    func takeFirst() -> ConsumerEvent? {
        guard next < events.count else { return nil }
        defer {
            next += 1
            if next == events.count {
                events.removeAll(keepingCapacity: true)
                next = 0
            }
        }
        return events[next]
    }

    override func receive(_ event: ClientEvent) {
        append(.client(event))
    }

    func registerRebalance(in configuration: borrowing ConfigurationHandle) {
        unsafe rd_kafka_conf_set_rebalance_cb(configuration.pointer) { client, code, list, _ in
            guard let client = unsafe client, let state = unsafe ClientState.of(client) as? ConsumerState else {
                return
            }
            let partitions = unsafe PartitionList.read(list).map(\.topicPartition)
            switch code {
            case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS:
                state.awaitsAnswer = true
                state.append(.assigned(partitions))
            case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS:
                state.awaitsAnswer = true
                unsafe state.append(.revoked(partitions, lost: rd_kafka_assignment_lost(client) != 0))
            default:
                // The group could not agree; librdkafka asks for an empty assignment and joins again.
                unsafe _ = rd_kafka_assign(client, nil)
                state.append(.failed(KafkaError(KafkaErrorCode(code), operation: "rebalance"), nil))
            }
            if state.endsWaitOnRebalance { unsafe rd_kafka_yield(client) }
        }
    }
}
