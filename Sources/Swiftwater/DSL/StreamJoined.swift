/// How a stream-stream join is named and kept; the counterpart of `StreamJoined`.
public struct StreamJoined<Key, Value, OtherValue>: Sendable {
    /// A store of a join with a name of its own.
    public struct Store: Sendable {
        /// The store's name.
        public var name: String
        /// Whether its bytes are on disk.
        public var storeType: StoreType

        /// A store with its bytes in LMDB.
        public static func persistent(_ name: String) -> Store { Store(name: name, storeType: .persistent) }

        /// A store in memory, rebuilt from its changelog at every start.
        public static func inMemory(_ name: String) -> Store { Store(name: name, storeType: .inMemory) }
    }

    /// The beginning of the nodes' names, and of the repartition topics'.
    public var name: String?
    /// The beginning of the stores' names.
    public var storeName: String?
    /// How keys are written; nil takes what the streams or the type know.
    public var key: Serde<Key>?
    /// How the values of the left stream are written.
    public var value: Serde<Value>?
    /// How the values of the right stream are written.
    public var otherValue: Serde<OtherValue>?
    /// The store of the left stream; nil is one of ``TopologyConfiguration/storeType``.
    public var thisStore: Store?
    /// The store of the right stream; nil is one of ``TopologyConfiguration/storeType``.
    public var otherStore: Store?
    /// Whether changelog topics back the stores.
    public var isLogged: Bool

    /// Describes a join.
    public init(
        named name: String? = nil,
        storeName: String? = nil,
        key: Serde<Key>? = nil,
        value: Serde<Value>? = nil,
        otherValue: Serde<OtherValue>? = nil,
        thisStore: Store? = nil,
        otherStore: Store? = nil,
        logged: Bool = true
    ) {
        self.name = name
        self.storeName = storeName
        self.key = key
        self.value = value
        self.otherValue = otherValue
        self.thisStore = thisStore
        self.otherStore = otherStore
        self.isLogged = logged
    }
}
