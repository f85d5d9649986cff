/// Writes the nodes of a stream-stream join into the graph, with Kafka Streams' names and stores.
struct StreamJoin<Key, Left, Right, Result> {
    let graph: StreamsGraph
    let windows: JoinWindows
    /// Whether left records, and right records, are told without a match.
    let isLeftOuter: Bool
    let isRightOuter: Bool
    let joined: StreamJoined<Key, Left, Right>
    let joiner: @Sendable (Key?, Left?, Right?) throws -> Result

    func add(_ left: StreamJoinInput<Key, Left>, _ right: StreamJoinInput<Key, Right>) -> KStream<Key?, Result> {
        let name = joined.name
        let place = name ?? left.upstream.node
        let keys = graph.serde(joined.key ?? left.keySerde ?? right.keySerde, of: "the keys", at: place)
        let lefts = graph.serde(joined.value ?? left.valueSerde, of: "the values of the left stream", at: place)
        let rights = graph.serde(joined.otherValue ?? right.valueSerde, of: "the values of the right stream", at: place)
        check(place)
        let leftInput = repartitioned(left, suffix: "-left", keys, lefts)
        let rightInput = repartitioned(right, suffix: "-right", keys, rights)
        let isSelfJoin = selfJoinTest(leftInput.node, rightInput.node)
        let isTwoSided = { (writer: TopologyWriter) in !isSelfJoin(writer) }

        let thisSuffix = isRightOuter ? "-outer-this-join" : "-this-join"
        let otherSuffix = isLeftOuter ? "-outer-other-join" : "-other-join"
        let thisWindowed = graph.name(name.map { "\($0)-this-windowed" }, or: "KSTREAM-WINDOWED-")
        let otherWindowed = graph.name(name.map { "\($0)-other-windowed" }, or: "KSTREAM-WINDOWED-")
        let thisGenerated = graph.newName(isRightOuter ? "KSTREAM-OUTERTHIS-" : "KSTREAM-JOINTHIS-")
        let otherGenerated = graph.newName(isLeftOuter ? "KSTREAM-OUTEROTHER-" : "KSTREAM-JOINOTHER-")
        let this = name.map { $0 + thisSuffix } ?? thisGenerated
        let other = name.map { $0 + otherSuffix } ?? otherGenerated
        let merge = graph.name(name.map { "\($0)-merge" }, or: "KSTREAM-MERGE-")

        let thisStore = store(joined.thisStore, (joined.storeName.map { $0 + thisSuffix } ?? thisGenerated) + "-store")
        let otherStore = store(
            joined.otherStore, (joined.storeName.map { $0 + otherSuffix } ?? otherGenerated) + "-store")
        var waiting: StoreDefinition?
        if isLeftOuter, !windows.emitsUnmatchedAtOnce {
            waiting = StoreDefinition(
                name: waitingName(thisGenerated),
                kind: .keyValue,
                isLogged: joined.isLogged,
                storeType: joined.thisStore?.storeType
            )
        }
        addSelfJoin(
            (thisWindowed, merge), after: leftInput, store: thisStore, keys, lefts, when: isSelfJoin)
        addWindowed(thisWindowed, after: leftInput, store: thisStore, keys, lefts, when: isTwoSided)
        addWindowed(otherWindowed, after: rightInput, store: otherStore, keys, rights, when: isTwoSided)
        let before = windows.before.milliseconds
        let after = windows.after.milliseconds
        let side = { (isLeft: Bool) in
            StreamStreamJoin<Key, Left, Right, Result>.Side(
                isLeft: isLeft,
                isOuter: isLeft ? isLeftOuter : isRightOuter,
                before: isLeft ? before : after,
                after: isLeft ? after : before,
                grace: windows.grace.milliseconds,
                leftLookAhead: after,
                rightLookAhead: before
            )
        }
        let leftSide = side(true)
        let rightSide = side(false)
        let joiner = joiner
        addJoin(
            this, after: thisWindowed, merge: merge, side: leftSide, store: otherStore, waiting, definesWaiting: true,
            (keys, lefts, rights), when: isTwoSided, joiner)
        addJoin(
            other,
            after: otherWindowed,
            merge: merge,
            side: .init(
                isLeft: false,
                isOuter: rightSide.isOuter,
                before: rightSide.before,
                after: rightSide.after,
                grace: rightSide.grace,
                leftLookAhead: rightSide.leftLookAhead,
                rightLookAhead: rightSide.rightLookAhead
            ),
            store: thisStore,
            waiting,
            definesWaiting: false,
            (keys, rights, lefts),
            when: isTwoSided
        ) { key, right, left in try joiner(key, left, right) }
        graph.addNode(merge, parents: [this, other], when: isTwoSided) { assembly in
            let outlet: Outlet<Key?, Result> = try assembly.outlet(of: merge)
            let receiver = Receiver<Key?, Result>(name: merge, context: assembly.context) { try outlet.forward($0) }
            for parent in [this, other] {
                try Upstream<Key?, Result>(node: parent).connect(assembly, receiver)
            }
        }
        return KStream(
            graph: graph,
            upstream: Upstream(node: merge),
            keySerde: .optional(keys),
            valueSerde: nil,
            isRepartitionRequired: false
        )
    }

    // MARK: Nodes

    /// Puts each record into the store of its side, then hands it on.
    private func addWindowed<Value>(
        _ name: String,
        after input: Upstream<Key?, Value?>,
        store: StoreDefinition,
        _ keys: Serde<Key>,
        _ values: Serde<Value>,
        forwardsFirst: Bool = false,
        when isWritten: @escaping (TopologyWriter) -> Bool
    ) {
        let size = windows.size
        graph.addNode(name, parents: [input.node], stores: [store.name], defining: [store], when: isWritten) {
            assembly in
            let outlet: Outlet<Key?, Value?> = try assembly.outlet(of: name)
            let typed = WindowStore(
                try assembly.store(named: store.name),
                keySerde: keys,
                valueSerde: values,
                windowSize: size,
                context: assembly.context
            )
            let receiver = Receiver<Key?, Value?>(name: name, context: assembly.context) { record in
                if forwardsFirst { try outlet.forward(record) }
                if let key = record.key, let value = record.value {
                    try typed.setKey(key)
                    try typed.putCurrent(
                        value, start: record.timestamp.rawValue, timestamp: record.timestamp, headers: Headers())
                }
                if !forwardsFirst { try outlet.forward(record) }
            }
            try input.connect(assembly, receiver)
        }
    }

    private func addJoin<This, Other>(
        _ name: String,
        after parent: String,
        merge: String,
        side: StreamStreamJoin<Key, This, Other, Result>.Side,
        store: StoreDefinition,
        _ waiting: StoreDefinition?,
        definesWaiting: Bool,
        _ serdes: (key: Serde<Key>, this: Serde<This>, other: Serde<Other>),
        when isWritten: @escaping (TopologyWriter) -> Bool,
        _ joiner: @escaping @Sendable (Key?, This?, Other?) throws -> Result
    ) {
        let size = windows.size
        graph.addNode(
            name,
            parents: [parent],
            stores: [store.name] + (waiting.map { [$0.name] } ?? []),
            defining: definesWaiting ? waiting.map { [$0] } ?? [] : [],
            when: isWritten
        ) { assembly in
            let context = assembly.context
            let processor = StreamStreamJoin(
                name: name,
                context: context,
                side: side,
                other: WindowStore(
                    try assembly.store(named: store.name),
                    keySerde: serdes.key,
                    valueSerde: serdes.other,
                    windowSize: size,
                    context: context
                ),
                waiting: try waiting.map { UnmatchedRecords(try assembly.store(named: $0.name)) },
                times: context.shared("\(merge)-times") { JoinTimes() },
                serdes: serdes,
                outlet: try assembly.outlet(of: name),
                joiner: joiner
            )
            try Upstream<Key?, This?>(node: parent).connect(assembly, processor.receiver)
        }
    }

    // MARK: One stream on both sides

    /// Whether both sides are one stream and an optimisation lets one store do for them (TP-04).
    private func selfJoinTest(_ left: String, _ right: String) -> (TopologyWriter) -> Bool {
        guard !isLeftOuter, !isRightOuter, Left.self == Right.self else { return { _ in false } }
        return { $0.optimizations.contains(.singleStoreSelfJoin) && $0.isSame(left, right) }
    }

    /// A record is joined before it is put into the store, where it would find itself.
    private func addSelfJoin(
        _ names: (windowed: String, merge: String),
        after input: Upstream<Key?, Left?>,
        store: StoreDefinition,
        _ keys: Serde<Key>,
        _ values: Serde<Left>,
        when isWritten: @escaping (TopologyWriter) -> Bool
    ) {
        addWindowed(names.windowed, after: input, store: store, keys, values, forwardsFirst: true, when: isWritten)
        let windows = windows
        let joiner = joiner
        graph.addNode(names.merge, parents: [names.windowed], stores: [store.name], when: isWritten) { assembly in
            let processor = SelfJoin<Key, Left, Result>(
                name: names.merge,
                context: assembly.context,
                windows: windows,
                store: WindowStore(
                    try assembly.store(named: store.name),
                    keySerde: keys,
                    valueSerde: values,
                    windowSize: windows.size,
                    context: assembly.context
                ),
                outlet: try assembly.outlet(of: names.merge)
            ) { key, left, right in
                guard let right = right as? Right else {
                    throw StreamsError(.internal, "the sides of a self-join differ in type")
                }
                return try joiner(key, left, right)
            }
            try Upstream<Key?, Left?>(node: names.windowed).connect(assembly, processor.receiver)
        }
    }

    // MARK: Stores and topics

    private func store(_ given: StreamJoined<Key, Left, Right>.Store?, _ name: String) -> StoreDefinition {
        StoreDefinition(
            name: given?.name ?? name,
            kind: .window(
                Segments(retention: windows.size + windows.grace.milliseconds),
                retainsDuplicates: true
            ),
            isLogged: joined.isLogged,
            storeType: given?.storeType
        )
    }

    private func waitingName(_ thisGenerated: String) -> String {
        let suffix = isRightOuter ? "-outer-shared-join" : "-left-shared-join"
        if let given = joined.thisStore?.name { return given + suffix + "-store" }
        if let given = joined.storeName { return given + suffix + "-store" }
        let generated = "KSTREAM-OUTERSHARED-" + thisGenerated.suffix(10)
        graph.noteGenerated(generated)
        return generated + "-store"
    }

    /// Sends a side whose keys may have changed through a topic; of left and outer joins also what has no key (S-28).
    private func repartitioned<Value>(
        _ input: StreamJoinInput<Key, Value>,
        suffix: String,
        _ keys: Serde<Key>,
        _ values: Serde<Value>
    ) -> Upstream<Key?, Value?> {
        guard input.isRepartitionRequired else { return input.upstream }
        let name = joined.name.map { $0 + suffix }
        return graph.addJoinRepartition(
            after: input.upstream,
            name: name,
            key: keys,
            value: values,
            keepsNullKeys: isLeftOuter || isRightOuter,
            detour: input.detour
        )
    }

    private func check(_ place: String) {
        if windows.size < 0 || windows.grace < .zero {
            graph.fail(
                StreamsError(
                    .invalidTopology,
                    "a join window of \(windows.before) before and \(windows.after) after with a grace of \(windows.grace) cannot hold anything",
                    at: .init(node: place)
                )
            )
        }
        if let this = joined.thisStore?.name, this == joined.otherStore?.name {
            graph.fail(
                StreamsError(.invalidTopology, "both sides would keep the store \(this)", at: .init(node: place)))
        }
    }
}
