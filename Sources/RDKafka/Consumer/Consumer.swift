import CRDKafka

/// A member of a consumer group, or a reader of partitions that its owner assigns.
///
/// Blocking, and for one thread: everything but ``waker`` is called from the thread that owns it. A group id is needed even by
/// a reader that never subscribes (librdkafka polls through the group); it joins no group unless it subscribes.
///
/// One turn of the owner's loop is `poll`, which hands over messages, then `nextEvent` until there is none. Rebalances are
/// events too: librdkafka waits until the owner has called `assign` or `unassign`, so the owner settles its work first. All
/// messages handed over before the event were read under the assignment before it.
@safe
package final class Consumer {
    let state: ConsumerState
    private(set) var client: OpaquePointer?
    private(set) var queue: OpaquePointer?
    private let batch: UnsafeMutableBufferPointer<UnsafeMutablePointer<rd_kafka_message_t>?>
    var table = PartitionTable()
    /// The partitions that this consumer paused: 2.0.2 rewinds a partition that is resumed without being paused (#4636).
    var paused: Set<TopicPartition> = []
    /// Ends a poll from another thread.
    package let waker: ConsumerWaker

    /// - Parameter batchSize: how many messages a poll can hand over at most.
    package init(_ configuration: KafkaConfiguration, batchSize: Int = 1000) throws(KafkaError) {
        let operation = "make a consumer"
        guard configuration["group.id"]?.isEmpty == false else {
            throw KafkaError(
                .invalidArgument, operation: operation,
                message: "a consumer needs a group id, even to be assigned only",
                subject: .configuration(key: "group.id", value: configuration["group.id"] ?? ""))
        }
        let state = ConsumerState(log: configuration.log)
        let handle = try ConfigurationHandle(
            configuration.withDefaults([
                "enable.auto.commit": "false",
                "enable.auto.offset.store": "false",
                "socket.nagle.disable": "true",
            ]))
        state.register(in: handle)
        state.registerEvents(in: handle)
        state.registerRebalance(in: handle)
        let client = try unsafe handle.makeClient(RD_KAFKA_CONSUMER, operation)
        unsafe rd_kafka_poll_set_consumer(client)
        self.state = state
        unsafe self.client = client
        unsafe queue = rd_kafka_queue_get_consumer(client)
        unsafe waker = ConsumerWaker(client)
        unsafe batch = .allocate(capacity: max(1, batchSize))
    }

    deinit {
        // An owner that did not close leaves without a word; the group notices at the session time-out.
        release(.seconds(5), leavesGroup: false)
        unsafe batch.deallocate()
    }

    /// Hands over up to `max` messages: those that are there, or else the first that comes within the time and those right behind it.
    ///
    /// Returns early when there is an event or ``waker`` is used.
    /// - Returns: how many messages were handed over.
    package func poll(
        timeout: Duration, max limit: Int = .max, into receive: (borrowing Message) -> Void
    ) throws(KafkaError) -> Int {
        let client = try unsafe open("poll")
        // A batch with a time-out would block for the whole of it even if some messages are there.
        let count = unsafe handOver(drain(limit), of: client, to: receive)
        guard count == 0, limit > 0, state.isEmpty, !waker.take() else { return count }
        let first = unsafe waitForOne(client, timeout)
        _ = waker.take()
        guard let first = unsafe first else { return 0 }
        unsafe batch[0] = unsafe first
        let received = unsafe handOver(1, of: client, to: receive)
        guard received == 1, limit > 1 else { return received }
        return unsafe 1 + handOver(drain(limit - 1), of: client, to: receive)
    }

    /// What happened during the last polls; to be asked until nil after each poll.
    package func nextEvent() -> ConsumerEvent? {
        state.takeFirst()
    }

    /// The topic and partition behind ``Message/partitionNumber``.
    package func partition(numbered number: Int) -> TopicPartition {
        table.partitions[number]
    }

    /// The number that messages of the partition carry, for as long as this consumer lives; 0, 1, 2 … in the order first asked or seen.
    package func number(of partition: TopicPartition) throws(KafkaError) -> Int {
        let client = try unsafe open("number a partition")
        return unsafe table.number(partition, in: client)
    }

    func open(_ operation: String) throws(KafkaError) -> OpaquePointer {
        guard let client = unsafe client else { throw .closed(operation) }
        return unsafe client
    }

    // MARK: Messages

    private func drain(_ limit: Int) -> Int {
        let count = unsafe rd_kafka_consume_batch_queue(queue, 0, batch.baseAddress, min(limit, batch.count))
        return max(0, count)
    }

    private func waitForOne(_ client: OpaquePointer, _ timeout: Duration) -> UnsafeMutablePointer<rd_kafka_message_t>? {
        state.endsWaitOnRebalance = true
        defer { state.endsWaitOnRebalance = false }
        return unsafe rd_kafka_consumer_poll(client, timeout.milliseconds)
    }

    private func handOver(
        _ count: Int, of client: OpaquePointer, to receive: (borrowing Message) -> Void
    ) -> Int {
        var messages = 0
        for index in 0..<count {
            guard let message = unsafe batch[index] else { continue }
            if unsafe message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR {
                let number = unsafe table.number(message.pointee.rkt, message.pointee.partition, in: client)
                unsafe receive(Message(message, partitionNumber: number))
                messages += 1
            } else {
                unsafe note(message, in: client)
            }
            unsafe rd_kafka_message_destroy(message)
        }
        return messages
    }

    private func note(_ message: UnsafeMutablePointer<rd_kafka_message_t>, in client: OpaquePointer) {
        let code = unsafe KafkaErrorCode(message.pointee.err)
        var partition: TopicPartition?
        if let topic = unsafe message.pointee.rkt {
            partition = unsafe TopicPartition(String(cString: rd_kafka_topic_name(topic)), message.pointee.partition)
        }
        if code == .endOfPartition, let partition {
            let number = unsafe table.number(partition, in: client)
            unsafe state.append(.endOfPartition(partition, number: number, offset: message.pointee.offset))
            return
        }
        if let fatal = unsafe KafkaError(fatalOf: client, "consume") {
            state.append(.failed(fatal, partition))
            return
        }
        unsafe state.append(
            .failed(
                KafkaError(
                    code, operation: "consume", message: String(nullable: rd_kafka_message_errstr(message)),
                    subject: partition.map { .partition($0) }),
                partition))
    }

    // MARK: Closing

    /// Leaves the group and closes, within the limit or (if librdkafka hangs) by abandoning the client to a thread of its own.
    ///
    /// The partitions are revoked first: `handle` gets that event and may still commit. Calling it again does nothing.
    /// - Returns: whether the group was left in order.
    @discardableResult
    package func close(limit: Duration, handle: (ConsumerEvent) -> Void = { _ in }) -> Bool {
        guard let client = unsafe client else { return true }
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        while let event = nextEvent() { handle(event) }
        // librdkafka asks for all its queues back before it closes.
        waker.release()
        if let queue = unsafe queue { unsafe rd_kafka_queue_destroy(queue) }
        unsafe queue = nil
        let closing = unsafe rd_kafka_queue_new(client)
        if let error = unsafe rd_kafka_consumer_close_queue(client, closing) {
            unsafe rd_kafka_error_destroy(error)
        }
        state.endsWaitOnRebalance = true
        while unsafe rd_kafka_consumer_closed(client) == 0 && clock.now < deadline {
            let slice = min(clock.now.duration(to: deadline), .milliseconds(50))
            if let message = unsafe rd_kafka_consume_queue(closing, slice.milliseconds) {
                unsafe rd_kafka_message_destroy(message)
            }
            while let event = nextEvent() { handle(event) }
            // Closing waits for an answer to the last rebalance; an owner that gave none wants none of the partitions.
            if state.awaitsAnswer { try? unassign() }
        }
        let leftInOrder = unsafe rd_kafka_consumer_closed(client) != 0
        unsafe rd_kafka_queue_destroy(closing)
        let gone = release(max(clock.now.duration(to: deadline), .milliseconds(500)), leavesGroup: leftInOrder)
        return leftInOrder && gone
    }

    @discardableResult
    private func release(_ limit: Duration, leavesGroup: Bool) -> Bool {
        guard let client = unsafe client else { return true }
        unsafe self.client = nil
        waker.release()
        if let queue = unsafe queue { unsafe rd_kafka_queue_destroy(queue) }
        unsafe queue = nil
        table.releaseTopics()
        let flags = leavesGroup ? 0 : RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE
        return unsafe ClientDestruction.run(client, keeping: state, flags: flags, limit: limit)
    }
}
