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
        add { writer in
            for store in defining { try writer.add(store) }
            try writer.add(
                NodeDefinition(
                    name: name,
                    kind: .processor(stores: stores),
                    parents: parents,
                    windowGrace: windowGrace,
                    assemble: assemble
                )
            )
        }
    }
}
