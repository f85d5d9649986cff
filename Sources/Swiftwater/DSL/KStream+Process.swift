extension KStream {
    /// Has each record processed by a function of one's own, which forwards what it likes (KIP-820).
    ///
    /// `make` is called once for each task, when its stores are restored, and gives the function that takes its records: variables of
    /// `make` are the state of that task. As keys may change, a stateful operator behind it repartitions.
    ///
    /// ```swift
    /// stream.process(stores: [counts]) { (context: ProcessorContext<String, Int64>) in
    ///     let counts = try context.store(counts)
    ///     return { record in try counts.set((counts.value(of: record.key) ?? 0) + 1, of: record.key) }
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - stores: the stores that it uses, which were added to the builder.
    ///   - named: the node's name in ``Topology/describe()``.
    ///   - make: makes the function of one task.
    @discardableResult
    public func process<NewKey, NewValue>(
        stores: [any ConnectedStore] = [],
        named: String? = nil,
        _ make:
            @escaping @Sendable (ProcessorContext<NewKey, NewValue>) throws -> (Record<Key, Value>) throws -> Void
    ) -> KStream<NewKey, NewValue> {
        processed(named ?? graph.newName("KSTREAM-PROCESSOR-"), stores, keySerde: nil, changesKey: true, make)
    }

    /// Has each record processed by a function of one's own that leaves keys as they are: nothing is repartitioned behind it.
    ///
    /// - Parameters:
    ///   - stores: the stores that it uses, which were added to the builder.
    ///   - named: the node's name in ``Topology/describe()``.
    ///   - make: makes the function of one task, as in ``process(stores:named:_:)``.
    @discardableResult
    public func processValues<NewValue>(
        stores: [any ConnectedStore] = [],
        named: String? = nil,
        _ make:
            @escaping @Sendable (FixedKeyProcessorContext<Key, NewValue>) throws -> (
                FixedKeyRecord<Key, Value>
            ) throws -> Void
    ) -> KStream<Key, NewValue> {
        let name = named ?? graph.newName("KSTREAM-PROCESSVALUES-")
        return processed(name, stores, keySerde: keySerde, changesKey: false) { context in
            let handle = try make(FixedKeyProcessorContext(context))
            return { record in try handle(FixedKeyRecord(record)) }
        }
    }

    private func processed<NewKey, NewValue>(
        _ name: String,
        _ stores: [any ConnectedStore],
        keySerde: Serde<NewKey>?,
        changesKey: Bool,
        _ make:
            @escaping @Sendable (ProcessorContext<NewKey, NewValue>) throws -> (Record<Key, Value>) throws -> Void
    ) -> KStream<NewKey, NewValue> {
        graph.note(name, .changesValue, after: [upstream.node])
        graph.addProcessor(name, after: upstream, stores: stores.map(\.name), make)
        return KStream<NewKey, NewValue>(
            graph: graph,
            upstream: Upstream(node: name),
            keySerde: keySerde,
            valueSerde: nil,
            isRepartitionRequired: isRepartitionRequired || changesKey
        )
    }
}
