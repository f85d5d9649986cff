extension StreamsGraph {
    /// Adds an operator that reads and writes any number of stores.
    ///
    /// - Parameters:
    ///   - parents: the nodes that it follows.
    ///   - stores: the stores that it uses, as they are printed.
    ///   - defining: those of them that come with it; each is defined by one node.
    ///   - windowGrace: for a windowed aggregation, how long after its end a window may change.
    ///   - assemble: makes the running node and connects it to its parents.
    func addNode(
        _ name: String,
        parents: [String],
        stores: [String] = [],
        defining: [StoreDefinition] = [],
        windowGrace: Int64? = nil,
        _ assemble: @escaping @Sendable (TaskAssembly) throws -> Void
    ) {
        addNode(
            name,
            parents: parents,
            stores: stores,
            defining: defining,
            windowGrace: windowGrace,
            demand: TableDemand(isStored: true)
        ) { assembly, _ in try assemble(assembly) }
    }

    /// Adds an operator whose changes tell the value before if they are asked to.
    @usableFromInline
    func addNode(
        _ name: String,
        parents: [String],
        stores: [String] = [],
        defining: [StoreDefinition] = [],
        windowGrace: Int64? = nil,
        demand: TableDemand,
        _ assemble: @escaping @Sendable (TaskAssembly, _ sendsOldValues: Bool) throws -> Void
    ) {
        add { writer in
            let sendsOldValues = demand.sendsOldValues
            for store in defining { try writer.add(store) }
            try writer.add(
                NodeDefinition(
                    name: name,
                    kind: .processor(stores: stores),
                    parents: parents,
                    windowGrace: windowGrace
                ) { assembly in try assemble(assembly, sendsOldValues) }
            )
        }
    }

    /// Adds a processor of the user's, which is made when its task starts.
    ///
    /// - Parameter readsGlobalStores: false for one that also runs in a restore.
    func addProcessor<InKey, InValue, Key, Value>(
        _ name: String,
        after upstream: Upstream<InKey, InValue>,
        stores: [String],
        defining: [StoreDefinition] = [],
        readsGlobalStores: Bool = true,
        _ make: @escaping @Sendable (ProcessorContext<Key, Value>) throws -> (Record<InKey, InValue>) throws -> Void
    ) {
        addNode(name, parents: [upstream.node], stores: stores, defining: defining) { assembly in
            let context = ProcessorContext<Key, Value>(
                nodeName: name,
                context: assembly.context,
                outlet: try assembly.outlet(of: name),
                stores: ProcessorStores(
                    assembly, connected: stores, readsGlobalStores: readsGlobalStores)
            )
            let handle = assembly.context.atStart(name) { try make(context) }
            let receiver = Receiver<InKey, InValue>(name: name, context: assembly.context) { try handle.get()($0) }
            try upstream.connect(assembly, receiver)
        }
    }
}
