/// The left side of a foreign-key join makes results of the responses that are to the row as it has been told (S-84).
final class ResponseJoin<PrimaryKey, Value, ForeignKey, ForeignValue, Result>: Processor<
    PrimaryKey, SubscriptionResponse<ForeignValue>
>
{
    private let isLeft: Bool
    private let hasher: ValueHasher<Value>
    private let row: (PrimaryKey) throws -> (value: Value, timestamp: Timestamp)?
    private let foreignKey: @Sendable (PrimaryKey, Value) throws -> ForeignKey?
    private let joiner: @Sendable (Value, ForeignValue?) throws -> Result?
    private let outlet: Outlet<PrimaryKey, Result?>
    private let subscriptions: Outlet<ForeignKey?, Subscription<PrimaryKey>>

    /// - Parameters:
    ///   - subscriptions: the way of the join's subscriptions, for those that have to be made again.
    ///   - row: the left row of a key as the last change that was sent left it, whatever a cache holds back.
    init(
        name: String,
        context: TaskContext,
        isLeft: Bool,
        hasher: ValueHasher<Value>,
        outlet: Outlet<PrimaryKey, Result?>,
        subscriptions: Outlet<ForeignKey?, Subscription<PrimaryKey>>,
        row: @escaping (PrimaryKey) throws -> (value: Value, timestamp: Timestamp)?,
        foreignKey: @escaping @Sendable (PrimaryKey, Value) throws -> ForeignKey?,
        joiner: @escaping @Sendable (Value, ForeignValue?) throws -> Result?
    ) {
        self.isLeft = isLeft
        self.hasher = hasher
        self.row = row
        self.foreignKey = foreignKey
        self.joiner = joiner
        self.outlet = outlet
        self.subscriptions = subscriptions
        super.init(name: name, context: context)
    }

    override func process(_ record: Record<PrimaryKey, SubscriptionResponse<ForeignValue>>) throws {
        let row = try row(record.key)
        let hash = try row.flatMap { try hasher.hash($0.value) }
        guard hash == record.value.hash else {
            context.drop(.staleResponse, node: name)
            if let row, record.value.hash == nil, !isLeft { try askAgain(record, row, hash) }
            return
        }
        var result: Result?
        if let value = row?.value, isLeft || record.value.value != nil {
            result = try joiner(value, record.value.value)
        }
        try outlet.forward(record.with(value: result))
    }

    /// The answer to a deletion has found the row there again. What the row before had given still stands then, unless the new
    /// one's answer has replaced it, which nobody knows here, and a new row that has no match gets none: so the row's answer is
    /// asked for once more, also if it is that there is nothing. Kafka Streams leaves the old result standing. Rows of a left
    /// join are always answered.
    private func askAgain(
        _ record: Record<PrimaryKey, SubscriptionResponse<ForeignValue>>,
        _ row: (value: Value, timestamp: Timestamp),
        _ hash: ValueHash?
    ) throws {
        guard let foreignKey = try foreignKey(record.key, row.value) else {
            return try outlet.forward(record.with(value: nil))
        }
        let subscription = Subscription(
            hash: hash,
            instruction: .subscribeAndTell,
            primaryKey: record.key,
            primaryPartition: context.taskID.partition
        )
        try subscriptions.forward(
            Record(key: foreignKey, value: subscription, timestamp: row.timestamp, headers: record.headers))
    }
}
