/// How a deduplication is named, written and kept; the counterpart of `Deduplicated` (KIP-655).
///
/// `ID` is what a function makes of a record; it is `Never` where the key alone tells records apart.
public struct Deduplicated<Key, ID, Value>: Sendable {
    /// The node's name, also that of the repartition topic if there is one, and of the store unless it has its own.
    public var name: String?
    /// The store's name, which also names its changelog; nil is the node's, or one that the library numbers.
    public var storeName: String?
    /// How keys are written; nil takes what the stream or the type knows.
    public var key: Serde<Key>?
    /// How IDs are written: two are the same if their bytes are; nil takes what the type knows.
    public var id: Serde<ID>?
    /// How values are written to a repartition topic; nil takes what the stream or the type knows.
    public var value: Serde<Value>?
    /// Whether a changelog topic backs the store; without it what was seen is forgotten with the disk.
    public var isLogged: Bool
    /// Topic settings of the changelog that differ from the defaults.
    public var changelogSettings: [String: String]
    /// Whether the store's bytes are on disk; nil takes ``TopologyConfiguration/storeType``.
    public var storeType: StoreType?

    /// Describes a deduplication.
    public init(
        named name: String? = nil,
        storeName: String? = nil,
        key: Serde<Key>? = nil,
        id: Serde<ID>? = nil,
        value: Serde<Value>? = nil,
        logged: Bool = true,
        changelogSettings: [String: String] = [:],
        storeType: StoreType? = nil
    ) {
        self.name = name
        self.storeName = storeName
        self.key = key
        self.id = id
        self.value = value
        self.isLogged = logged
        self.changelogSettings = changelogSettings
        self.storeType = storeType
    }

    func definition(name: String, within interval: Duration) -> StoreDefinition {
        StoreDefinition(
            name: name,
            kind: .window(Segments(retention: interval.milliseconds), retainsDuplicates: false),
            isLogged: isLogged,
            changelogSettings: changelogSettings,
            storeType: storeType
        )
    }
}
