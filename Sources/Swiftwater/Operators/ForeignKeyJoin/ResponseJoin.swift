/// The left side of a foreign-key join makes results of the responses that are to the row as it is now (S-84).
final class ResponseJoin<PrimaryKey, Value, ForeignValue, Result>: Processor<
    PrimaryKey, SubscriptionResponse<ForeignValue>
>
{
    private let isLeft: Bool
    private let hasher: ValueHasher<Value>
    private let row: (PrimaryKey) throws -> Value?
    private let joiner: @Sendable (Value, ForeignValue?) throws -> Result?
    private let outlet: Outlet<PrimaryKey, Result?>

    /// - Parameter row: the left table's value of a key.
    init(
        name: String,
        context: TaskContext,
        isLeft: Bool,
        hasher: ValueHasher<Value>,
        outlet: Outlet<PrimaryKey, Result?>,
        row: @escaping (PrimaryKey) throws -> Value?,
        joiner: @escaping @Sendable (Value, ForeignValue?) throws -> Result?
    ) {
        self.isLeft = isLeft
        self.hasher = hasher
        self.row = row
        self.joiner = joiner
        self.outlet = outlet
        super.init(name: name, context: context)
    }

    override func process(_ record: Record<PrimaryKey, SubscriptionResponse<ForeignValue>>) throws {
        let value = try row(record.key)
        guard try value.flatMap({ try hasher.hash($0) }) == record.value.hash else {
            return context.drop(.staleResponse, node: name)
        }
        var result: Result?
        if let value, isLeft || record.value.value != nil { result = try joiner(value, record.value.value) }
        try outlet.forward(record.with(value: result))
    }
}
