/// How a table is kept: the store's name, its serdes, whether it is cached and logged (C-04).
///
/// The counterpart of `Materialized` and of the suppliers in `Stores`. A text literal is the name alone: `count(as: "counts")`.
public struct Materialized<Key, Value>: Sendable {
    /// Whether the store's bytes are on disk.
    public typealias StoreType = Swiftwater.StoreType

    /// The store's name, which also names its changelog; nil lets the library number it.
    public var name: String?
    /// How keys are written; nil takes what the stream knows.
    public var key: Serde<Key>?
    /// How values are written; nil takes what the operator or the type knows.
    public var value: Serde<Value>?
    /// Whether downstream sees the last change of a key per commit only; on by default.
    public var isCached = true
    /// Whether a changelog topic backs the store; on by default. Without it state is lost with the disk.
    public var isLogged = true
    /// Topic settings of the changelog that differ from the defaults, such as `["segment.bytes": "1048576"]`.
    public var changelogSettings: [String: String] = [:]
    /// Whether the store's bytes are on disk; nil takes ``TopologyConfiguration/storeType``.
    public var storeType: StoreType?
    /// How long the versions of a key are kept behind its store's latest time; nil keeps the latest value only (KIP-889).
    ///
    /// A versioned table takes updates that come out of order in the order of their times, and is never cached.
    public var history: Duration?
    /// How long a windowed store keeps what it has, measured in stream time; nil is as long as its windows need (S-59).
    public var retention: Duration?

    /// Describes a store.
    public init(
        _ name: String? = nil,
        key: Serde<Key>? = nil,
        value: Serde<Value>? = nil,
        cached: Bool = true,
        logged: Bool = true,
        changelogSettings: [String: String] = [:],
        storeType: StoreType? = nil,
        history: Duration? = nil,
        retention: Duration? = nil
    ) {
        self.name = name
        self.key = key
        self.value = value
        self.isCached = cached
        self.isLogged = logged
        self.changelogSettings = changelogSettings
        self.storeType = storeType
        self.history = history
        self.retention = retention
    }

    @usableFromInline
    func definition(name: String) -> StoreDefinition {
        guard let history else { return definition(name: name, kind: .timestampedKeyValue) }
        return definition(name: name, kind: .versioned(history: history), isCached: false)
    }

    /// Whether the table is to have a store in any case; one without a name has it only where an operator needs it.
    @usableFromInline var isAsked: Bool { name != nil || history != nil }

    func definition(name: String, kind: StoreDefinition.Kind, isCached: Bool? = nil) -> StoreDefinition {
        StoreDefinition(
            name: name,
            kind: kind,
            isCached: isCached ?? self.isCached,
            isLogged: isLogged,
            changelogSettings: changelogSettings,
            storeType: storeType,
            types: .init(Key.self, Value.self)
        )
    }
}

extension Materialized: ExpressibleByStringLiteral {
    /// A store of that name with all defaults.
    public init(stringLiteral value: String) {
        self.init(value)
    }
}
