import CRDKafka

/// Writes messages to partitions its owner chooses, and tells what became of each; with a `transactional.id`, in transactions
/// (`Producer+Transactions.swift`).
///
/// Blocking, and for one thread. Messages are copied as they are produced. Delivery reports are collected in every call that
/// polls and handed over by `poll` and `flush` only.
@safe
package final class Producer {
    let state: ProducerState
    private(set) var client: OpaquePointer?
    /// Set by the owner of the transaction, for error texts.
    let transactionalID: String?

    package init(_ configuration: KafkaConfiguration) throws(KafkaError) {
        let state = ProducerState(log: configuration.log)
        let handle = try ConfigurationHandle(configuration.withDefaults(["socket.nagle.disable": "true"]))
        state.register(in: handle)
        state.registerEvents(in: handle)
        state.registerDeliveries(in: handle)
        unsafe client = try handle.makeClient(RD_KAFKA_PRODUCER, "make a producer")
        self.state = state
        transactionalID = configuration["transactional.id"]
    }

    deinit {
        close(limit: .seconds(5))
    }

    func open(_ operation: String) throws(KafkaError) -> OpaquePointer {
        guard let client = unsafe client else { throw .closed(operation) }
        return unsafe client
    }

    // MARK: Producing

    /// The handle for a topic. The first message of a topic waits for its metadata: ask `partitionCount` first to have it at hand.
    package func topic(_ name: String) throws(KafkaError) -> TopicHandle {
        let client = try unsafe open("open a topic")
        return try unsafe state.topics.handle(named: name, in: client)
    }

    /// How many partitions the topic has, from the cluster.
    package func partitionCount(_ topic: TopicHandle, timeout: Duration) throws(KafkaError) -> Int {
        let client = try unsafe open("count partitions")
        guard let pointer = unsafe state.topics.pointer(of: topic) else { throw unknownTopic("count partitions") }
        let metadata = try unsafe ClusterMetadata.fetch(client, topic: pointer, all: false, timeout: timeout)
        guard let entry = metadata.topics.first else { throw unknownTopic("count partitions") }
        if let error = entry.error {
            throw KafkaError(error, operation: "count partitions", subject: .topic(entry.name))
        }
        return entry.partitions.count
    }

    /// Takes a copy of a message to be sent.
    ///
    /// - Parameters:
    ///   - key: nil for Kafka's null.
    ///   - value: nil for a tombstone.
    ///   - timestamp: milliseconds since 1970; nil is now. librdkafka cannot send 0 (it means now): 1 is sent instead.
    ///   - token: comes back in the ``Delivery``.
    package func produce(
        to topic: TopicHandle, partition: Int32, key: RawSpan?, value: RawSpan?, headers: [MessageHeader] = [],
        timestamp: Int64? = nil, token: UInt64 = 0
    ) throws(KafkaError) -> ProduceOutcome {
        // The spans outlive the call, and with them the bytes.
        try unsafe produce(
            to: topic, partition: partition, key: Self.buffer(key), value: Self.buffer(value), headers: headers,
            timestamp: timestamp, token: token)
    }

    /// The same for bytes that stay valid during the call.
    package func produce(
        to topic: TopicHandle, partition: Int32, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
        headers: [MessageHeader] = [], timestamp: Int64? = nil, token: UInt64 = 0
    ) throws(KafkaError) -> ProduceOutcome {
        let client = try unsafe open("produce")
        guard let topicPointer = unsafe state.topics.pointer(of: topic) else { throw unknownTopic("produce") }
        guard partition >= 0 else {
            throw KafkaError(
                .localUnknownPartition, operation: "produce", message: "partition \(partition) does not exist",
                isRetriable: false)
        }
        guard timestamp ?? 0 >= 0 else {
            throw KafkaError(
                .invalidTimestamp, operation: "produce", message: "timestamp \(timestamp ?? 0) is negative")
        }
        let time = timestamp.map { max($0, 1) } ?? 0
        let (keyStart, keyCount) = unsafe (Self.start(key), key?.count ?? 0)
        let (valueStart, valueCount) = unsafe (Self.start(value), value?.count ?? 0)
        let code: rd_kafka_resp_err_t
        if headers.isEmpty {
            code = unsafe swiftwater_produce(
                client, topicPointer, partition, keyStart, keyCount, valueStart, valueCount, time, nil, token)
        } else {
            let list = HeaderList(headers)
            code = unsafe swiftwater_produce(
                client, topicPointer, partition, keyStart, keyCount, valueStart, valueCount, time, list.pointer, token)
            if code == RD_KAFKA_RESP_ERR_NO_ERROR { list.handedOver() }
        }
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return .queued }
        guard code != RD_KAFKA_RESP_ERR__QUEUE_FULL else { return .queueFull }
        if let fatal = unsafe KafkaError(fatalOf: client, "produce") { throw fatal }
        let name = unsafe String(cString: rd_kafka_topic_name(topicPointer))
        throw KafkaError(
            KafkaErrorCode(code), operation: "produce", subject: .partition(TopicPartition(name, partition)))
    }

    private static func buffer(_ span: RawSpan?) -> UnsafeRawBufferPointer? {
        guard let span else { return nil }
        return unsafe span.withUnsafeBytes { unsafe $0 }
    }

    /// Null only for Kafka's null: empty bytes may have no address, and get one that nobody reads.
    private static func start(_ bytes: UnsafeRawBufferPointer?) -> UnsafeRawPointer? {
        guard let bytes = unsafe bytes else { return nil }
        return unsafe bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)
    }

    private func unknownTopic(_ operation: String) -> KafkaError {
        KafkaError(
            .localUnknownTopic, operation: operation, message: "the topic handle is not of this producer",
            isRetriable: false)
    }

    // MARK: Reports

    /// Hands over the delivery reports there are, waiting for the first ones up to the time.
    /// - Returns: how many were handed over.
    @discardableResult
    package func poll(timeout: Duration, into receive: (Delivery) -> Void) throws(KafkaError) -> Int {
        let client = try unsafe open("poll")
        let wait = state.deliveries.isEmpty ? timeout : .zero
        unsafe _ = rd_kafka_poll(client, wait.milliseconds)
        return handOver(to: receive)
    }

    /// Sends everything without lingering and hands the reports over.
    /// - Returns: whether everything was reported within the time.
    @discardableResult
    package func flush(timeout: Duration, into receive: (Delivery) -> Void) throws(KafkaError) -> Bool {
        let client = try unsafe open("flush")
        let code = unsafe rd_kafka_flush(client, timeout.milliseconds)
        handOver(to: receive)
        if code == RD_KAFKA_RESP_ERR__TIMED_OUT { return false }
        try check(code, "flush")
        return true
    }

    /// Gives up all messages, also those on their way; each is reported with a code that `isPurge`.
    package func purge() throws(KafkaError) {
        let client = try unsafe open("purge")
        try check(unsafe rd_kafka_purge(client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT), "purge")
    }

    /// Messages (and reports and events not yet polled) that librdkafka holds.
    package var outstanding: Int {
        guard let client = unsafe client else { return 0 }
        return unsafe Int(rd_kafka_outq_len(client))
    }

    /// The error that ended the producer for good, if there is one.
    package var fatalError: KafkaError? {
        guard let client = unsafe client else { return nil }
        return unsafe KafkaError(fatalOf: client, "go on")
    }

    /// What librdkafka had to say during the last polls, oldest first; asked for once.
    package func takeEvents() -> [ClientEvent] {
        defer { state.events = [] }
        return state.events
    }

    @discardableResult
    private func handOver(to receive: (Delivery) -> Void) -> Int {
        guard !state.deliveries.isEmpty else { return 0 }
        // The handler may produce, flush or poll: it must not find this array in use.
        var batch: [Delivery] = []
        swap(&batch, &state.deliveries)
        for delivery in batch { receive(delivery) }
        let count = batch.count
        if state.deliveries.isEmpty {
            batch.removeAll(keepingCapacity: true)
            swap(&batch, &state.deliveries)
        }
        return count
    }

    /// Gives up what was not delivered and frees the client, within the limit or by abandoning it to a thread of its own.
    ///
    /// Flush, or commit, before. Calling it again does nothing.
    @discardableResult
    package func close(limit: Duration) -> Bool {
        guard let client = unsafe client else { return true }
        unsafe self.client = nil
        state.topics.release()
        return unsafe ClientDestruction.run(client, keeping: state, limit: limit)
    }
}
