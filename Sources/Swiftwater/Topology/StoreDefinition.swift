/// A state store of a topology: what it is called, what is kept in it and how it survives.
package struct StoreDefinition: Sendable {
    /// How the bytes of the store are laid out; a store's kind never changes under its name.
    package enum Kind: Sendable, Hashable {
        /// Key to an 8-byte timestamp and the value (F-06); the changelog holds the plain value.
        case timestampedKeyValue
    }

    package var name: String
    package var kind: Kind
    /// Whether downstream sees the last change of a key and commit only (S-36).
    package var isCached: Bool
    /// Whether a changelog topic backs the store.
    package var isLogged: Bool
    /// Topic settings of the changelog that differ from the defaults.
    package var changelogSettings: [String: String]
    /// False for a store that lives in memory only and is rebuilt from its changelog.
    package var isPersistent: Bool

    package func changelogTopic(applicationID: String) -> String {
        "\(applicationID)-\(name)-changelog"
    }
}
