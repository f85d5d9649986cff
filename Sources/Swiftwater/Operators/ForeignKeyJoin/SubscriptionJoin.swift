/// The right side of a foreign-key join answers a subscription with the right row as it is now (S-70, S-83).
final class SubscriptionJoin<ForeignKey, PrimaryKey, Value>: Processor<ForeignKey?, Subscription<PrimaryKey>> {
    private let row: (ForeignKey) throws -> (value: Value, timestamp: Timestamp)?
    private let outlet: Outlet<PrimaryKey, SubscriptionResponse<Value>>

    /// - Parameter row: the right table's row of a key.
    init(
        name: String,
        context: TaskContext,
        outlet: Outlet<PrimaryKey, SubscriptionResponse<Value>>,
        row: @escaping (ForeignKey) throws -> (value: Value, timestamp: Timestamp)?
    ) {
        self.row = row
        self.outlet = outlet
        super.init(name: name, context: context)
    }

    override func process(_ record: Record<ForeignKey?, Subscription<PrimaryKey>>) throws {
        let subscription = record.value
        if subscription.instruction == .unsubscribe { return }
        let row = try record.key.flatMap { try self.row($0) }
        if row == nil, subscription.instruction == .subscribe { return }
        let response = SubscriptionResponse(
            hash: subscription.hash,
            value: subscription.instruction == .unsubscribeAndTell ? nil : row?.value,
            primaryPartition: subscription.primaryPartition
        )
        try outlet.forward(
            Record(
                key: subscription.primaryKey,
                value: response,
                timestamp: max(record.timestamp, row?.timestamp ?? record.timestamp),
                headers: record.headers
            )
        )
    }
}
