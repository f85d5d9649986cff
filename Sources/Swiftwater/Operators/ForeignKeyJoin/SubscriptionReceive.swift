/// The right side of a foreign-key join takes a subscription: keeps it or forgets it, and hands it on (S-83).
final class SubscriptionReceive<ForeignKey, PrimaryKey>: Processor<ForeignKey?, Subscription<PrimaryKey>> {
    private let subscriptions: SubscriptionStore<ForeignKey, PrimaryKey>
    private let outlet: Outlet<ForeignKey?, Subscription<PrimaryKey>>

    init(
        name: String,
        context: TaskContext,
        subscriptions: SubscriptionStore<ForeignKey, PrimaryKey>,
        outlet: Outlet<ForeignKey?, Subscription<PrimaryKey>>
    ) {
        self.subscriptions = subscriptions
        self.outlet = outlet
        super.init(name: name, context: context)
    }

    override func process(_ record: Record<ForeignKey?, Subscription<PrimaryKey>>) throws {
        let subscription = record.value
        if let foreignKey = record.key {
            if subscription.instruction.isSubscription {
                try subscriptions.put(subscription, to: foreignKey, at: record.timestamp)
            } else {
                try subscriptions.remove(subscription.primaryKey, from: foreignKey, at: record.timestamp)
            }
        } else if subscription.instruction != .subscribeAndTell {
            // Only a left join sends what has no foreign key, to be told that there is nothing.
            return context.drop(.nullForeignKey, node: name)
        }
        try outlet.forward(record)
    }
}
