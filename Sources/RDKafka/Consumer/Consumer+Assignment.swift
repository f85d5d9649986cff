import CRDKafka

// What the consumer reads. Called between polls, on the owner's thread: 2.0.2 may lose or skip messages if partitions are
// paused or assigned while another thread takes a batch (#4208). There is no seek: its time-out is wrong in 2.0.2 (#4230),
// and a new `assign` with offsets does the same and drops what was prefetched.
extension Consumer {
    /// Joins the configured group with interest in these topics; `^` begins a regular expression.
    package func subscribe(_ topics: [String]) throws(KafkaError) {
        let client = try unsafe open("subscribe")
        let list = PartitionList(topics: topics)
        try check(unsafe rd_kafka_subscribe(client, list.pointer), "subscribe to \(topics.joined(separator: ", "))")
    }

    package func unsubscribe() throws(KafkaError) {
        let client = try unsafe open("unsubscribe")
        try check(unsafe rd_kafka_unsubscribe(client), "unsubscribe")
    }

    /// Replaces everything that is read; nothing is paused afterwards.
    ///
    /// `KafkaOffset.invalid` starts at the committed offset. An entry's metadata and error are not looked at.
    package func assign(_ offsets: [PartitionOffset]) throws(KafkaError) {
        let client = try unsafe open("assign")
        try resume(Array(paused))
        let list = PartitionList(offsets)
        state.awaitsAnswer = false
        try check(unsafe rd_kafka_assign(client, list.pointer), "assign partitions")
    }

    /// Reads nothing any more.
    package func unassign() throws(KafkaError) {
        let client = try unsafe open("unassign")
        try resume(Array(paused))
        state.awaitsAnswer = false
        try check(unsafe rd_kafka_assign(client, nil), "unassign partitions")
    }

    /// Adds partitions under the cooperative protocol.
    package func incrementalAssign(_ offsets: [PartitionOffset]) throws(KafkaError) {
        let client = try unsafe open("assign")
        let list = PartitionList(offsets)
        state.awaitsAnswer = false
        try unsafe check(error: rd_kafka_incremental_assign(client, list.pointer), "assign more partitions")
    }

    /// Takes partitions away under the cooperative protocol.
    package func incrementalUnassign(_ partitions: [TopicPartition]) throws(KafkaError) {
        let client = try unsafe open("unassign")
        try resume(partitions)
        let list = PartitionList(partitions)
        state.awaitsAnswer = false
        try unsafe check(error: rd_kafka_incremental_unassign(client, list.pointer), "unassign partitions")
    }

    package func assignment() throws(KafkaError) -> [TopicPartition] {
        let client = try unsafe open("read the assignment")
        var pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
        try check(unsafe rd_kafka_assignment(client, &pointer), "read the assignment")
        guard let pointer = unsafe pointer else { return [] }
        return unsafe PartitionList(owning: pointer).offsets.map(\.topicPartition)
    }

    /// Hands over no more messages of these partitions, and drops what was prefetched (it is fetched again on resume).
    package func pause(_ partitions: [TopicPartition]) throws(KafkaError) {
        let client = try unsafe open("pause")
        let list = PartitionList(partitions.filter { !paused.contains($0) })
        try check(unsafe rd_kafka_pause_partitions(client, list.pointer), "pause partitions")
        for entry in list.offsets {
            if let code = entry.error {
                throw KafkaError(code, operation: "pause", subject: .partition(entry.topicPartition))
            }
            paused.insert(entry.topicPartition)
        }
    }

    /// Goes on with those of these partitions that are paused.
    package func resume(_ partitions: [TopicPartition]) throws(KafkaError) {
        let client = try unsafe open("resume")
        let those = partitions.filter { paused.contains($0) }
        guard !those.isEmpty else { return }
        paused.subtract(those)
        let list = PartitionList(those)
        try check(unsafe rd_kafka_resume_partitions(client, list.pointer), "resume partitions")
    }

    package func isPaused(_ partition: TopicPartition) -> Bool { paused.contains(partition) }
}
