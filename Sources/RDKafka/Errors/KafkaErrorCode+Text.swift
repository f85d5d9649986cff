import CRDKafka

extension KafkaErrorCode: CustomStringConvertible {
    /// The protocol's name, such as `UNKNOWN_TOPIC_OR_PART`; librdkafka's own codes begin with an underscore.
    package var name: String {
        unsafe String(cString: rd_kafka_err2name(rd_kafka_resp_err_t(rawValue: rawValue)))
    }

    /// What librdkafka says about the code when it has nothing more specific.
    package var explanation: String {
        unsafe String(cString: rd_kafka_err2str(rd_kafka_resp_err_t(rawValue: rawValue)))
    }

    package var description: String { name }

    /// Whether the same call may succeed later without anything being changed.
    package var isRetriable: Bool {
        switch self {
        case .timedOut, .timedOutInQueue, .transport, .allBrokersDown, .resolve, .waitingForCoordinator, .retry,
            .inProgress, .previousInProgress, .queueFull, .leaderNotAvailable, .notLeaderForPartition,
            .requestTimedOut, .brokerNotAvailable, .replicaNotAvailable, .networkException,
            .coordinatorLoadInProgress, .coordinatorNotAvailable, .notCoordinator, .notEnoughReplicas,
            .notEnoughReplicasAfterAppend, .notController, .kafkaStorageError, .concurrentTransactions,
            .unknownTopicOrPartition, .fencedLeaderEpoch, .unknownLeaderEpoch, .offsetNotAvailable,
            .unstableOffsetCommit, .throttlingQuotaExceeded, .rebalanceInProgress:
            true
        default:
            false
        }
    }

    /// Whether the code only says that a message was given up because the owner purged or aborted.
    package var isPurge: Bool { self == .purgedFromQueue || self == .purgedInFlight }
}

extension KafkaErrorCode {
    init(_ code: rd_kafka_resp_err_t) {
        self.init(rawValue: code.rawValue)
    }
}

extension KafkaErrorCode {
    /// Nil for "no error".
    init?(failure code: rd_kafka_resp_err_t) {
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        self.init(code)
    }
}
