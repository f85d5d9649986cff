/// How a stream-table join is named and written; the counterpart of `Joined` (C-06).
public struct Joined<Key, Value, OtherValue>: Sendable {
    /// The node's name, and that of the repartition topic if there is one.
    public var name: String?
    /// How the stream's keys are written; nil takes what the stream or the type knows.
    public var key: Serde<Key>?
    /// How the stream's values are written; nil takes what the stream or the type knows.
    public var value: Serde<Value>?
    /// How the table's values are written: its store says so already, and this is not needed.
    public var otherValue: Serde<OtherValue>?
    /// How far stream time must be behind a record before it is joined; nil joins at once (KIP-923).
    ///
    /// So that updates of the table that come late are seen. The table must be versioned, with a history at least as long.
    public var gracePeriod: Duration?

    /// Describes a join.
    public init(
        named name: String? = nil,
        key: Serde<Key>? = nil,
        value: Serde<Value>? = nil,
        otherValue: Serde<OtherValue>? = nil,
        gracePeriod: Duration? = nil
    ) {
        self.name = name
        self.key = key
        self.value = value
        self.otherValue = otherValue
        self.gracePeriod = gracePeriod
    }
}
