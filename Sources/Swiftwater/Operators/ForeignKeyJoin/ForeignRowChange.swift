/// The right side of a foreign-key join tells a changed right row to all left rows that are subscribed to it (S-86).
final class ForeignRowChange<ForeignKey, PrimaryKey, Value>: Processor<ForeignKey, Change<Value>> {
    private let subscriptions: SubscriptionStore<ForeignKey, PrimaryKey>
    private let outlet: Outlet<PrimaryKey, SubscriptionResponse<Value>>

    init(
        name: String,
        context: TaskContext,
        subscriptions: SubscriptionStore<ForeignKey, PrimaryKey>,
        outlet: Outlet<PrimaryKey, SubscriptionResponse<Value>>
    ) {
        self.subscriptions = subscriptions
        self.outlet = outlet
        super.init(name: name, context: context)
    }

    override func process(_ record: Record<ForeignKey, Change<Value>>) throws {
        if !record.value.isLatest { return context.drop(.outOfOrder, node: name) }
        // Only a sink follows, so that the scan may stay open: a row can have any number of subscriptions.
        try subscriptions.forEach(of: record.key) { primaryKey, subscription in
            let response = SubscriptionResponse(
                hash: subscription.hash,
                value: record.value.new,
                primaryPartition: subscription.primaryPartition
            )
            try outlet.forward(record.with(key: primaryKey).with(value: response))
        }
    }
}
