/// What travels along the edges of a table: the new value of a key and, where somebody asked for it, the old one (S-30).
@usableFromInline
package struct Change<Value> {
    /// The value after the update; nil is a deletion.
    @usableFromInline package var new: Value?
    /// The value before the update; nil also where no downstream operator asked for old values.
    @usableFromInline package var old: Value?
    /// False for an update of a versioned table that is not its latest version.
    @usableFromInline package var isLatest: Bool

    @inlinable
    package init(new: Value?, old: Value?, isLatest: Bool = true) {
        self.new = new
        self.old = old
        self.isLatest = isLatest
    }
}

extension Change: Sendable where Value: Sendable {}
