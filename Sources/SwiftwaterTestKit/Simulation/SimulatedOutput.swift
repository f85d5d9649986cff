import Swiftwater

/// A member's producer: keeps what is on its way until the schedule delivers it, in order.
final class SimulatedOutput: RecordOutput {
    private let cluster: SimulatedCluster
    private var topics: [OutputTopic] = []
    private var onItsWay: [(partition: TopicPartition, record: CapturedRecord)] = []
    /// By partition: what the reports since the last commit say.
    private(set) var reports: [TopicPartition: ChangelogReport] = [:]
    /// Exactly-once: the id and the epoch it is registered with.
    var identity: (id: String, epoch: Int)?

    init(_ cluster: SimulatedCluster) { self.cluster = cluster }

    var isDelivered: Bool { onItsWay.isEmpty }

    func topic(named name: String) -> OutputTopic {
        if let known = topics.first(where: { $0.name == name }) { return known }
        let topic = OutputTopic(name: name, partitionCount: cluster.partitionCount, index: topics.count)
        topics.append(topic)
        return topic
    }

    func send(
        to topic: OutputTopic,
        partition: Int32,
        key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?,
        timestamp: Timestamp,
        headers: Headers
    ) {
        onItsWay.append(
            (
                TopicPartition(topic.name, partition),
                CapturedRecord(
                    topic: topic.name, key: key.map(Array.init), value: value.map(Array.init), timestamp: timestamp,
                    headers: headers)
            ))
    }

    /// Delivers the first of what is on its way; now and then a report does not tell the offset, as after a retry.
    func deliver(_ count: Int, using random: inout SimulationRandom) throws(SimulatedCluster.Refusal) {
        for _ in 0..<min(count, onItsWay.count) {
            let (partition, record) = onItsWay.removeFirst()
            let offset = try cluster.produce(record, to: partition, by: identity)
            if random.chance(oneIn: 40) {
                reports[partition] = .unknown
            } else if case .unknown = reports[partition] {
                continue
            } else {
                reports[partition] = .end(offset + 1)
            }
        }
    }

    /// The process died, or gives up: what was on its way is lost, or arrives all the same.
    func abandon(using random: inout SimulationRandom) {
        let count = Int.random(in: 0...onItsWay.count, using: &random)
        try? deliver(count, using: &random)
        onItsWay = []
        reports = [:]
    }

    func settle() { reports = [:] }
}
