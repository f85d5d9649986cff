extension KTable {
    /// Holds updates back for a span of stream time, so that downstream sees fewer of them.
    ///
    /// A key that is held back is told with its latest update when stream time, as seen here, is the limit behind its first.
    @_disfavoredOverload
    public func suppress(_ suppressed: Suppressed) -> KTable<Key, Value> {
        suppress(suppressed) { _ in nil }
    }

    /// Holds updates of windowed aggregates back until their windows close, or for a span of stream time.
    ///
    /// Nothing is told without a new record: it is records that move stream time on (S-64).
    public func suppress<Plain>(_ suppressed: Suppressed) -> KTable<Key, Value> where Key == Windowed<Plain> {
        suppress(suppressed) { $0.window.end.rawValue }
    }

    private func suppress(
        _ suppressed: Suppressed,
        windowEnd: @escaping @Sendable (Key) -> Int64?
    ) -> KTable<Key, Value> {
        let name = suppressed.name ?? graph.newName("KTABLE-SUPPRESS-")
        let storeName = suppressed.name.map { "\($0)-store" } ?? graph.newStoreName("KTABLE-SUPPRESS-")
        let keys = graph.serde(keySerde, of: "the keys", at: name)
        let values = graph.serde(valueSerde, of: "the values", at: name)
        if case .windowClose = suppressed.limit, suppressed.buffer.whenFull == .emitEarly,
            suppressed.buffer.maxRecords != nil || suppressed.buffer.maxBytes != nil
        {
            graph.fail(
                StreamsError(
                    .invalidTopology,
                    "final results cannot be emitted early: leave the buffer unbounded, or let it shut down when it is full",
                    at: .init(node: name)
                )
            )
        }
        if access.isVersioned {
            graph.fail(
                StreamsError(
                    .invalidTopology,
                    "updates of a versioned table cannot be held back: some are of the past",
                    at: .init(node: name)
                )
            )
        }
        // What downstream may look up is the value before the first update that is held back.
        access.requireOldValues()
        let store = StoreDefinition(
            name: storeName,
            kind: .suppression,
            isLogged: suppressed.buffer.isLogged,
            changelogSettings: suppressed.buffer.changelogSettings
        )
        let upstream = upstream
        graph.add { writer in
            let rules: Suppress<Key, Value>.Rules
            switch suppressed.limit {
            case .time(let duration):
                rules = .init(
                    time: { $0.timestamp.rawValue },
                    wait: duration.milliseconds,
                    buffer: suppressed.buffer,
                    dropsDeletions: false
                )
            case .windowClose:
                guard let grace = writer.windowGrace(at: upstream.node) else {
                    throw StreamsError(
                        .invalidTopology,
                        "the table is none of windowed aggregates: nothing says when a window closes; use untilTimeLimit",
                        at: .init(node: name)
                    )
                }
                rules = .init(
                    time: { windowEnd($0.key) ?? $0.timestamp.rawValue },
                    wait: grace,
                    buffer: suppressed.buffer,
                    dropsDeletions: true
                )
            }
            try writer.add(store)
            try writer.add(
                NodeDefinition(name: name, kind: .processor(stores: [storeName]), parents: [upstream.node]) {
                    assembly in
                    let processor = Suppress(
                        name: name,
                        context: assembly.context,
                        rules: rules,
                        store: try assembly.store(named: storeName),
                        keySerde: keys,
                        valueSerde: values,
                        outlet: try assembly.outlet(of: name)
                    )
                    try upstream.connect(assembly, processor.receiver)
                }
            )
        }
        return KTable(
            graph: graph,
            upstream: Upstream(node: name),
            access: TableAccess(isVersioned: false, enableOldValues: access.enableOldValues) { [access] in
                suppressedView(of: access.requireView(), store: storeName, keySerde: keys, valueSerde: values)
            },
            keySerde: keys,
            valueSerde: values,
            queryableStoreName: nil
        )
    }
}
