import CRDKafka

// Needs `transactional.id`. An error says what to do next: `isRetriable` - the same call again; `requiresAbort` - abort, go back
// to the committed offsets, begin anew; `isFatal` - a new producer. A call that ran out of time is retriable and goes on where
// it was, so a long wait can be cut into slices between polls.
extension Producer {
    /// Registers the transactional id: ends what its previous holder left open, and shuts that holder out.
    package func initTransactions(timeout: Duration) throws(KafkaError) {
        let client = try unsafe open("initialise transactions")
        try unsafe check(error: rd_kafka_init_transactions(client, timeout.milliseconds), "initialise transactions")
    }

    package func beginTransaction() throws(KafkaError) {
        let client = try unsafe open("begin a transaction")
        try unsafe check(error: rd_kafka_begin_transaction(client), "begin a transaction")
    }

    /// Makes the offsets part of the transaction; they are checked against the member and generation of the metadata.
    ///
    /// Throws for metadata without generation or member, which a broker would accept from anyone, and for no offsets at all,
    /// since a transaction without offsets is not checked.
    package func sendOffsets(
        _ offsets: [PartitionOffset], of group: GroupMetadata, timeout: Duration
    ) throws(KafkaError) {
        let client = try unsafe open("send offsets to the transaction")
        guard group.isFencing else {
            throw KafkaError(
                .illegalGeneration, operation: "send offsets to the transaction",
                message:
                    "generation \(group.generation) of member \"\(group.memberID)\" does not fence: not a member now",
                subject: .group(group.groupID), isRetriable: false, requiresAbort: true)
        }
        guard !offsets.isEmpty else {
            throw KafkaError(
                .invalidArgument, operation: "send offsets to the transaction",
                message: "a transaction without offsets is not fenced", subject: .group(group.groupID))
        }
        let metadata = unsafe rd_kafka_consumer_group_metadata_new_with_genid(
            group.groupID, group.generation, group.memberID, group.instanceID)
        defer { unsafe rd_kafka_consumer_group_metadata_destroy(metadata) }
        let list = PartitionList(offsets)
        try unsafe check(
            error: rd_kafka_send_offsets_to_transaction(client, list.pointer, metadata, timeout.milliseconds),
            "send offsets to the transaction", .group(group.groupID))
    }

    /// Waits until all messages are delivered, then commits. Reports are handed over by the next `poll`.
    package func commitTransaction(timeout: Duration) throws(KafkaError) {
        let client = try unsafe open("commit the transaction")
        try unsafe check(error: rd_kafka_commit_transaction(client, timeout.milliseconds), "commit the transaction")
    }

    /// Gives up all messages of the transaction. Reports are handed over by the next `poll`, with codes that `isPurge`.
    package func abortTransaction(timeout: Duration) throws(KafkaError) {
        let client = try unsafe open("abort the transaction")
        try unsafe check(error: rd_kafka_abort_transaction(client, timeout.milliseconds), "abort the transaction")
    }
}
