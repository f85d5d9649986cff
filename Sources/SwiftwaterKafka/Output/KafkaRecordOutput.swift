internal import RDKafka
internal import Swiftwater

/// A stream thread's producer as its tasks see it. Counts what is delivered, since a commit waits for all of it.
final class KafkaRecordOutput: RecordOutput {
    private let producer: ThreadProducer
    private let changelogs: Set<String>
    private let timeout: Duration
    /// A topic's index is its place here.
    @exclusivity(unchecked) private var topics: [KafkaOutputTopic] = []
    @exclusivity(unchecked) private var ledger = DeliveryLedger()
    @exclusivity(unchecked) private var refused: [RefusedRecord] = []
    /// Set by the owner before it lets a task send.
    @exclusivity(unchecked) var sender = DeliveryToken.Sender()
    /// Called while a queue is full, so that the owner keeps its place in the group.
    var whileWaiting: () -> Void = {}
    /// Asked about records that came back; throws if one is not to be left out.
    var judge: (RefusedRecord) throws -> Void = { throw $0.error }

    init(_ producer: ThreadProducer, changelogs: Set<String>, timeout: Duration) {
        self.producer = producer
        self.changelogs = changelogs
        self.timeout = timeout
    }

    // MARK: Sending

    func topic(named name: String) throws -> OutputTopic {
        if let known = topics.first(where: { $0.topic.name == name }) { return known.topic }
        do throws(KafkaError) {
            let handle = try producer.producer.topic(name)
            let count = try producer.producer.partitionCount(handle, timeout: timeout)
            guard count > 0 else { throw KafkaError(.unknownTopicOrPartition, operation: "count partitions") }
            let slots = changelogs.contains(name) ? (0..<count).map { _ in ledger.addSlot() } : []
            let topic = OutputTopic(name: name, partitionCount: Int32(count), index: topics.count)
            topics.append(KafkaOutputTopic(topic: topic, handle: handle, slots: slots))
            return topic
        } catch {
            switch error.code {
            case .unknownTopicOrPartition, .localUnknownTopic:
                throw StreamsError(
                    .missingTopic,
                    "the topology writes to a topic that does not exist: create it, or correct its name",
                    at: .init(topic: name),
                    cause: error
                )
            default:
                throw StreamsError(
                    .brokerUnreachable, "cannot learn the partitions of a topic", at: .init(topic: name), cause: error)
            }
        }
    }

    func send(
        to topic: OutputTopic,
        partition: Int32,
        key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?,
        timestamp: Timestamp,
        headers: Headers
    ) throws {
        let target = topics[topic.index]
        let token = DeliveryToken(sender: sender, slot: target.slots.isEmpty ? nil : target.slots[Int(partition)])
        let sent = headers.isEmpty ? [] : headers.map { MessageHeader($0.name, $0.value) }
        do throws(KafkaError) {
            try producer.begin()
            while true {
                let outcome = try producer.producer.produce(
                    to: target.handle,
                    partition: partition,
                    key: key,
                    value: value,
                    headers: sent,
                    timestamp: timestamp.rawValue < 0 ? nil : timestamp.rawValue,
                    token: token.rawValue
                )
                if case .queued = outcome { break }
                try receive(for: .milliseconds(20))
                if ledger.failure != nil { break }
                whileWaiting()
            }
        } catch {
            // A store that is ahead of its changelog is lost work, so that its records are nobody's to leave out.
            if RefusedRecord.concernsOneRecord(error.code), target.slots.isEmpty {
                throw UndeliverableRecord(cause: error, isRetriable: false)
            }
            throw StreamsError(
                .production, "a record could not be sent", at: .init(topic: topic.name, partition: partition),
                cause: error)
        }
        if ledger.failure != nil || !refused.isEmpty { try requireDelivered() }
        ledger.sent()
    }

    // MARK: Deliveries

    /// Takes the reports that are there.
    func poll() throws {
        do throws(KafkaError) {
            try receive(for: .zero)
        } catch {
            throw StreamsError(.production, "the producer failed", cause: error)
        }
        try requireDelivered()
    }

    /// Sends what lingers and waits for its reports, up to the time.
    /// - Returns: whether everything is delivered.
    func flush(timeout: Duration) throws -> Bool {
        do throws(KafkaError) {
            try producer.producer.flush(timeout: timeout) { take($0) }
        } catch {
            throw StreamsError(.production, "the producer failed", cause: error)
        }
        try requireDelivered()
        return ledger.pending == 0
    }

    /// Gives up what was not committed. Tasks must ask for their topics again: the producer may be another one.
    func abandon() throws {
        do throws(KafkaError) {
            try producer.abandon()
        } catch {
            throw StreamsError(.production, "the producer cannot be made anew", cause: error)
        }
        topics.removeAll()
        refused.removeAll()
        ledger = DeliveryLedger()
    }

    /// The offset after the last acknowledged record of a changelog partition; nil if none was sent or none is known.
    func changelogEnd(_ topic: String, _ partition: Int32) -> Int64? {
        guard let slot = slot(topic, partition), !ledger.unknown.contains(slot), ledger.acknowledged[slot] >= 0 else {
            return nil
        }
        return ledger.acknowledged[slot] + 1
    }

    /// Whether a report came without the offset.
    func isUnknown(_ topic: String, _ partition: Int32) -> Bool {
        slot(topic, partition).map { ledger.unknown.contains($0) } ?? false
    }

    func settle() { ledger.settle() }

    private func slot(_ topic: String, _ partition: Int32) -> Int? {
        guard let slots = topics.first(where: { $0.topic.name == topic })?.slots, slots.indices.contains(Int(partition))
        else { return nil }
        return slots[Int(partition)]
    }

    private func receive(for time: Duration) throws(KafkaError) {
        try producer.producer.poll(timeout: time) { take($0) }
    }

    private func take(_ delivery: Delivery) {
        let token = DeliveryToken(rawValue: delivery.token)
        guard let code = delivery.code, let message = delivery.message, token.slot == nil,
            RefusedRecord.concernsOneRecord(code)
        else {
            return ledger.delivered(slot: token.slot, offset: delivery.offset, code: delivery.code)
        }
        ledger.delivered(slot: nil, offset: -1, code: nil)
        refused.append(RefusedRecord(message, partition: delivery.partition, sender: token.sender, code: code))
    }

    private func requireDelivered() throws {
        while !refused.isEmpty { try judge(refused.removeFirst()) }
        guard let code = ledger.failure else { return }
        throw StreamsError(
            .production,
            "a record was not delivered, so that nothing after the last commit counts",
            cause: KafkaError(code, operation: "deliver a record")
        )
    }
}
