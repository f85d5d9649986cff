import CRDKafka

extension Consumer {
    /// The next offset to be handed over; `KafkaOffset.invalid` until the first message of a partition was.
    ///
    /// Aborted and emptied batches never move it: use `endOfPartition` events to tell "at the end".
    package func position(_ partitions: [TopicPartition]) throws(KafkaError) -> [PartitionOffset] {
        let client = try unsafe open("read positions")
        let list = PartitionList(partitions)
        try check(unsafe rd_kafka_position(client, list.pointer), "read positions")
        return list.offsets
    }

    /// The group's committed offsets with their metadata; `KafkaOffset.invalid` where there is none.
    ///
    /// With `isolation.level=read_committed` the answer is stable: it waits for transactions that commit offsets to end.
    package func committed(_ partitions: [TopicPartition], timeout: Duration) throws(KafkaError) -> [PartitionOffset] {
        let client = try unsafe open("read committed offsets")
        guard !partitions.isEmpty else { return [] }
        let list = PartitionList(partitions)
        try check(unsafe rd_kafka_committed(client, list.pointer, timeout.milliseconds), "read committed offsets")
        return try list.offsets.checked("read the committed offset")
    }

    /// Commits and waits for the answer, without polling meanwhile.
    ///
    /// Throws the group's refusal, or the first partition's.
    package func commit(_ offsets: [PartitionOffset], timeout: Duration) throws(KafkaError) {
        let client = try unsafe open("commit offsets")
        guard !offsets.isEmpty else { return }
        let list = PartitionList(offsets)
        let replies = unsafe rd_kafka_queue_new(client)
        defer { unsafe rd_kafka_queue_destroy(replies) }
        try check(unsafe rd_kafka_commit_queue(client, list.pointer, replies, nil, nil), "commit offsets")
        guard let reply = unsafe rd_kafka_queue_poll(replies, timeout.milliseconds) else {
            throw KafkaError(.timedOut, operation: "commit offsets", message: "no answer within \(timeout)")
        }
        defer { unsafe rd_kafka_event_destroy(reply) }
        try check(unsafe rd_kafka_event_error(reply), "commit offsets")
        _ = try unsafe PartitionList.read(rd_kafka_event_topic_partition_list(reply)).checked("commit the offset")
    }

    /// Commits and goes on; the outcome comes as a `committed` event with the token.
    package func commitAsynchronously(_ offsets: [PartitionOffset], token: Int) throws(KafkaError) {
        let client = try unsafe open("commit offsets")
        let list = PartitionList(offsets)
        try check(
            unsafe rd_kafka_commit_queue(
                client, list.pointer, queue,
                { client, code, list, token in
                    guard let state = unsafe ClientState.of(client) as? ConsumerState else { return }
                    let offsets = unsafe PartitionList.read(list)
                    var failure: KafkaError?
                    do throws(KafkaError) {
                        try check(code, "commit offsets")
                        _ = try offsets.checked("commit the offset")
                    } catch {
                        failure = error
                    }
                    state.append(.committed(token: Int(bitPattern: token), offsets: offsets, error: failure))
                },
                UnsafeMutableRawPointer(bitPattern: token)),
            "commit offsets")
    }

    /// The first offset at or after each timestamp, in one request per leader; `KafkaOffset.end` if there is none.
    ///
    /// An entry's offset is the timestamp in milliseconds, or `KafkaOffset.beginning` or `.end` for the log's first and next offset
    /// (under `read_committed`: the last stable one).
    package func offsetsForTimes(_ times: [PartitionOffset], timeout: Duration) throws(KafkaError) -> [PartitionOffset]
    {
        let client = try unsafe open("look offsets up")
        guard !times.isEmpty else { return [] }
        let list = PartitionList(times)
        try check(unsafe rd_kafka_offsets_for_times(client, list.pointer, timeout.milliseconds), "look offsets up")
        return try list.offsets.checked("look up the offset")
    }

    /// The first offset of each partition.
    package func beginningOffsets(_ partitions: [TopicPartition], timeout: Duration) throws(KafkaError)
        -> [PartitionOffset]
    {
        try offsetsForTimes(partitions.map { PartitionOffset($0, KafkaOffset.beginning) }, timeout: timeout)
    }

    /// The offset after the last record of each partition.
    package func endOffsets(_ partitions: [TopicPartition], timeout: Duration) throws(KafkaError) -> [PartitionOffset] {
        try offsetsForTimes(partitions.map { PartitionOffset($0, KafkaOffset.end) }, timeout: timeout)
    }

    /// First and next offset as the last fetch told them, without asking; nil before a first fetch.
    package func cachedWatermarks(_ partition: TopicPartition) -> (low: Int64, high: Int64)? {
        guard let client = unsafe client else { return nil }
        var low: Int64 = 0
        var high: Int64 = 0
        let code = unsafe rd_kafka_get_watermark_offsets(client, partition.topic, partition.partition, &low, &high)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, high >= 0 else { return nil }
        return (low, high)
    }
}

extension [PartitionOffset] {
    /// Throws what the first partition that failed says.
    func checked(_ operation: String) throws(KafkaError) -> [PartitionOffset] {
        for entry in self {
            if let code = entry.error {
                throw KafkaError(code, operation: operation, subject: .partition(entry.topicPartition))
            }
        }
        return self
    }
}
