/// A state store of a topology: what it is called, what is kept in it and how it survives.
@usableFromInline
package struct StoreDefinition: Sendable {
    /// How the bytes of the store are laid out; a store's kind never changes under its name.
    ///
    /// Every value begins with its time, 8 bytes big-endian, also where Kafka Streams keeps none: the changelog holds the value
    /// alone, and the time is the record's (F-06).
    package enum Kind: Sendable, Hashable {
        /// Key to a value; readers do not see the time.
        case keyValue
        /// Key to a value with its time.
        case timestampedKeyValue
        /// Group, key, window start and sequence number (F-03) to a value; readers do not see the time.
        case window(Segments, retainsDuplicates: Bool)
        /// Group, key, window start and sequence number (F-03) to a value with its time.
        case timestampedWindow(Segments)
        /// Group, key, session end and session start (F-04) to a value.
        case session(Segments)
        /// The versions of each key over a history: `VersionedLayout`.
        case versioned(Segments)
        /// What a suppression holds back: `SuppressionLayout`.
        case suppression

        /// The kind as a manifest names it.
        package var name: String {
            switch self {
            case .keyValue: "keyValue"
            case .timestampedKeyValue: "timestampedKeyValue"
            case .window: "window"
            case .timestampedWindow: "timestampedWindow"
            case .session: "session"
            case .versioned: "versioned"
            case .suppression: "suppression"
            }
        }

        /// The versions of each key over a history, grouped by when they ended.
        static func versioned(history: Duration) -> Kind {
            let retention = history.milliseconds
            return .versioned(Segments(retention: retention, width: max(1, retention / 3)))
        }

        package var segments: Segments? {
            switch self {
            case .keyValue, .timestampedKeyValue, .suppression: nil
            case .window(let segments, _), .timestampedWindow(let segments), .session(let segments): segments
            case .versioned(let segments): segments
            }
        }
    }

    @usableFromInline package var name: String
    package var kind: Kind
    /// Whether downstream sees the last change of a key and commit only (S-36).
    package var isCached: Bool
    /// Whether a changelog topic backs the store.
    package var isLogged: Bool
    /// The topic that the store is restored from where that is the one its table is read from; it has no changelog then.
    package var sourceTopic: String?
    /// The node that fills it from `sourceTopic`.
    package var sourceNode: String?
    /// Topic settings of the changelog that differ from those of its kind (F-14).
    package var changelogSettings: [String: String]
    /// Where its bytes are; nil leaves that to the topology's configuration.
    package var storeType: StoreType?
    /// The types of its keys and values; nil where the library keeps something of its own.
    package var types: TypeNames?

    /// What the types of a store are called.
    package struct TypeNames: Sendable, Hashable {
        package let key: String
        package let value: String

        package init<Key, Value>(_ key: Key.Type, _ value: Value.Type) {
            self.key = "\(key)"
            self.value = "\(value)"
        }
    }

    package init(
        name: String,
        kind: Kind,
        isCached: Bool = false,
        isLogged: Bool = true,
        changelogSettings: [String: String] = [:],
        storeType: StoreType? = nil,
        types: TypeNames? = nil
    ) {
        self.name = name
        self.kind = kind
        self.isCached = isCached
        self.isLogged = isLogged
        self.storeType = storeType
        self.types = types
        self.changelogSettings = Self.settings(of: kind).merging(changelogSettings) { _, asked in asked }
    }

    /// How its bytes lie on disk: the version of the kind's layout, raised whenever the library lays it out otherwise (TP-08), and
    /// what else decides it. Files with another layout are not read but restored.
    package var layout: String {
        switch kind {
        case .keyValue, .timestampedKeyValue: "key-value 1"
        case .window(let segments, _), .timestampedWindow(let segments): "window 1, groups of \(segments.width)"
        case .session(let segments): "session 1, groups of \(segments.width)"
        case .versioned(let segments): "versioned 1, groups of \(segments.width)"
        case .suppression: "suppression 1"
        }
    }

    /// False for a store that lives in memory only and is rebuilt from its changelog.
    package var isPersistent: Bool { storeType != .inMemory }

    @usableFromInline var isVersioned: Bool {
        if case .versioned = kind { true } else { false }
    }

    package func changelogTopic(applicationID: String) -> String {
        "\(applicationID)-\(name)-changelog"
    }

    /// How long the changelog keeps deletions after they may be compacted (`delete.retention.ms`), in milliseconds: a copy of the store
    /// that is older than this may never hear of some. Kafka's default unless the changelog's settings say otherwise.
    package var deletionRetention: Int64 {
        changelogSettings["delete.retention.ms"].flatMap { Int64($0) } ?? 86_400_000
    }

    /// The topic settings that a kind of store asks for beyond compaction: a day longer than the store keeps (F-14).
    private static func settings(of kind: Kind) -> [String: String] {
        let day: Int64 = 86_400_000
        switch kind {
        case .keyValue, .timestampedKeyValue, .suppression: return [:]
        case .window(let segments, _), .timestampedWindow(let segments), .session(let segments):
            let (retention, overflow) = segments.retention.addingReportingOverflow(day)
            return ["cleanup.policy": "compact,delete", "retention.ms": "\(overflow ? .max : retention)"]
        case .versioned(let segments):
            let (lag, overflow) = segments.retention.addingReportingOverflow(day)
            return ["min.compaction.lag.ms": "\(overflow ? .max : lag)"]
        }
    }
}
