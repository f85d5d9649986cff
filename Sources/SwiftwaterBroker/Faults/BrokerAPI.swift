/// A kind of request, by the number that Kafka's protocol gives it.
public struct BrokerAPI: RawRepresentable, Hashable, Sendable {
    /// Kafka's API key.
    public var rawValue: Int16

    /// Any number: what this broker does not serve is never asked of it.
    public init(rawValue: Int16) {
        self.rawValue = rawValue
    }

    /// By Kafka's name in any case, as `Produce` or `initproducerid`; nil if the broker does not know it.
    public init?(named name: String) {
        let wanted = name.lowercased()
        let found = APIKey.allCases.first { $0.kafkaName.lowercased() == wanted }
        guard let found else { return nil }
        rawValue = found.rawValue
    }

    /// Records come in.
    public static let produce = BrokerAPI(rawValue: 0)
    /// Records go out.
    public static let fetch = BrokerAPI(rawValue: 1)
    /// Offsets by time.
    public static let listOffsets = BrokerAPI(rawValue: 2)
    /// Brokers and topics.
    public static let metadata = BrokerAPI(rawValue: 3)
    /// A group's positions come in.
    public static let offsetCommit = BrokerAPI(rawValue: 8)
    /// A group's positions go out.
    public static let offsetFetch = BrokerAPI(rawValue: 9)
    /// Who answers for a group or a transactional id.
    public static let findCoordinator = BrokerAPI(rawValue: 10)
    /// A member wants in.
    public static let joinGroup = BrokerAPI(rawValue: 11)
    /// A member lives.
    public static let heartbeat = BrokerAPI(rawValue: 12)
    /// A member goes.
    public static let leaveGroup = BrokerAPI(rawValue: 13)
    /// A member gets its assignment.
    public static let syncGroup = BrokerAPI(rawValue: 14)
    /// Topics are made.
    public static let createTopics = BrokerAPI(rawValue: 19)
    /// Topics are deleted.
    public static let deleteTopics = BrokerAPI(rawValue: 20)
    /// A producer gets its id.
    public static let initProducerID = BrokerAPI(rawValue: 22)
    /// Partitions join a transaction.
    public static let addPartitionsToTransaction = BrokerAPI(rawValue: 24)
    /// A group's offsets join a transaction.
    public static let addOffsetsToTransaction = BrokerAPI(rawValue: 25)
    /// A transaction commits or aborts.
    public static let endTransaction = BrokerAPI(rawValue: 26)
    /// A group's positions come in as part of a transaction.
    public static let transactionOffsetCommit = BrokerAPI(rawValue: 28)
}
