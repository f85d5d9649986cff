/// The stores that a processor may open, by name; nil for those that it may not.
struct ProcessorStores {
    /// The stores of the task that it is connected to.
    let connected: (String) throws -> KeyValueBytesStore?
    /// The global stores, which every processor may read.
    let global: (String) throws -> KeyValueBytesStore?
}

extension ProcessorStores {
    /// Those of a node.
    ///
    /// - Parameter readsGlobalStores: false for a processor that also runs in a restore, where there are none.
    init(_ assembly: TaskAssembly, connected names: [String], readsGlobalStores: Bool = true) {
        let names = Set(names)
        connected = { name in names.contains(name) ? try assembly.store(named: name) : nil }
        global = { name in
            if readsGlobalStores { return try assembly.globalStore(named: name) }
            throw StreamsError(
                .invalidStateStore,
                "the processor of a read-only store fills it again in a restore, so it may depend on its records alone",
                at: assembly.context.place(store: name))
        }
    }
}
