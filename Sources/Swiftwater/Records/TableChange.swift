/// A ``Change`` whatever its type, for tools that look at the edges of a table.
package protocol TableChange {
    /// The new value, an optional of the table's values.
    var latest: Any { get }
}

extension Change: TableChange {
    package var latest: Any { new as Any }
}
