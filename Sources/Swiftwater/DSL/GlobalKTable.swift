/// A table of which every instance of an application holds all: for lookups by any key, without co-partitioning.
///
/// It is loaded whole before a stream is processed, follows its topic from then on, and its updates trigger nothing: a join
/// sees the table as it is when the stream's record comes (S-79). The counterpart of Kafka Streams' `GlobalKTable`.
public struct GlobalKTable<Key, Value> {
    @usableFromInline let graph: StreamsGraph
    @usableFromInline let store: StoreDefinition
    @usableFromInline let keySerde: Serde<Key>
    @usableFromInline let valueSerde: Serde<Value>

    @usableFromInline
    init(graph: StreamsGraph, store: StoreDefinition, keySerde: Serde<Key>, valueSerde: Serde<Value>) {
        self.graph = graph
        self.store = store
        self.keySerde = keySerde
        self.valueSerde = valueSerde
    }

    /// The name of the store that holds the table.
    public var queryableStoreName: String { store.name }

    /// The store that holds the table, as processors (``ProcessorContext/globalStore(_:)``) and queries read it.
    public var queryableStore: QueryableStore<ReadOnlyKeyValueStore<Key, Value>> {
        .keyValue(store.name, key: keySerde, value: valueSerde)
    }
}
