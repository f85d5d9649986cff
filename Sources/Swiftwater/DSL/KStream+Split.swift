extension KStream {
    /// Cuts the stream into branches: each record goes to the first branch whose predicate holds.
    ///
    /// ```swift
    /// let branches = orders.split(named: "orders-")
    ///     .branch("large") { _, order in order.total > 1_000 }
    ///     .branch("foreign", { _, order in order.country != "NO" }) { $0.to("foreign", key: .string, value: .json()) }
    ///     .defaultBranch("rest")
    /// branches["orders-large"]?.to("large-orders", key: .string, value: .json())
    /// ```
    ///
    /// - Parameter named: the node's name and what the names of branches begin with.
    @inlinable
    public func split(named: String? = nil) -> BranchedKStream<Key, Value> {
        let (name, offers) = splitting(named)
        return BranchedKStream(stream: self, name: name, offers: offers)
    }

    /// Cuts the stream into branches with values of their own: each record goes to the first branch that makes a value of it.
    ///
    /// Records of which none makes a value end here.
    ///
    /// ```swift
    /// let (orders, refunds) = events.split(into: { _, event in event.order }, { _, event in event.refund })
    /// ```
    ///
    /// - Parameters:
    ///   - named: the node's name and what the names of branches begin with.
    ///   - first: gives the value for the first branch; nil leaves the record to the others.
    ///   - second: gives the value for the second branch.
    @inlinable
    public func split<First, Second>(
        named: String? = nil,
        into first: @escaping @Sendable (Key, Value) throws -> First?,
        _ second: @escaping @Sendable (Key, Value) throws -> Second?
    ) -> (KStream<Key, First>, KStream<Key, Second>) {
        let (name, offers) = splitting(named)
        return (
            branch(name + "1", of: offers, valueSerde: nil, .changesValue, first),
            branch(name + "2", of: offers, valueSerde: nil, .changesValue, second)
        )
    }

    /// Cuts the stream into three branches with values of their own; see the form with two.
    @inlinable
    public func split<First, Second, Third>(
        named: String? = nil,
        into first: @escaping @Sendable (Key, Value) throws -> First?,
        _ second: @escaping @Sendable (Key, Value) throws -> Second?,
        _ third: @escaping @Sendable (Key, Value) throws -> Third?
    ) -> (KStream<Key, First>, KStream<Key, Second>, KStream<Key, Third>) {
        let (name, offers) = splitting(named)
        return (
            branch(name + "1", of: offers, valueSerde: nil, .changesValue, first),
            branch(name + "2", of: offers, valueSerde: nil, .changesValue, second),
            branch(name + "3", of: offers, valueSerde: nil, .changesValue, third)
        )
    }

    @inlinable
    func splitting(_ named: String?) -> (name: String, offers: Upstream<Key, BranchOffer<Value>>) {
        let name = graph.name(named, or: "KSTREAM-BRANCH-")
        graph.note(name, .passes, after: [upstream.node])
        let offers: Upstream<Key, BranchOffer<Value>> = graph.addOperator(name, after: [upstream]) { assembly, outlet in
            let turn = BranchTurn()
            return Receiver(name: name, context: assembly.context) { record in
                turn.isTaken = false
                try outlet.forward(record.with(value: BranchOffer(value: record.value, turn: turn)))
            }
        }
        return (name, offers)
    }

    /// A branch: takes what no earlier one took and its function makes a value of.
    @inlinable
    func branch<NewValue>(
        _ name: String,
        of offers: Upstream<Key, BranchOffer<Value>>,
        valueSerde: Serde<NewValue>?,
        _ kind: StreamShape.Kind,
        _ take: @escaping @Sendable (Key, Value) throws -> NewValue?
    ) -> KStream<Key, NewValue> {
        _ = graph.newName("KSTREAM-BRANCH-")
        graph.note(name, kind, after: [offers.node])
        let taken: Upstream<Key, NewValue> = graph.addOperator(name, after: [offers]) { assembly, outlet in
            Receiver(name: name, context: assembly.context) { record in
                let turn = record.value.turn
                if turn.isTaken { return }
                // Also if the function throws: a record that its handler leaves out is not offered on.
                turn.isTaken = true
                guard let value = try take(record.key, record.value.value) else {
                    turn.isTaken = false
                    return
                }
                try outlet.forward(record.with(value: value))
            }
        }
        return KStream<Key, NewValue>(
            graph: graph,
            upstream: taken,
            keySerde: keySerde,
            valueSerde: valueSerde,
            isRepartitionRequired: isRepartitionRequired
        )
    }
}
