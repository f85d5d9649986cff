/// How operators ask a table for more than its changes: for old values, and for the value of a key.
///
/// They ask while the topology is being told; nodes are written later, by what was asked. A table that has no store passes
/// the question on to those it is made of, until one keeps its values: a source then gets a store if it had none.
@usableFromInline
struct TableAccess<Key, Value> {
    /// Whether its values come from a versioned store: changes may then be of the past, and values can be asked for as of a time.
    @usableFromInline let isVersioned: Bool
    /// Makes the table's changes tell the value before, if it is kept or if its keeping may be forced; tells whether they do.
    @usableFromInline let enableOldValues: (_ isForced: Bool) -> Bool
    /// Makes the table answer for the value of a key (S-35).
    @usableFromInline let requireView: () -> TableView<Key, Value>

    @inlinable
    init(
        isVersioned: Bool,
        enableOldValues: @escaping (_ isForced: Bool) -> Bool,
        requireView: @escaping () -> TableView<Key, Value>
    ) {
        self.isVersioned = isVersioned
        self.enableOldValues = enableOldValues
        self.requireView = requireView
    }

    /// Of a table that has a store, or gets one when somebody asks.
    @inlinable
    init(_ store: TableStore<Key, Value>, _ demand: TableDemand) {
        self.init(isVersioned: store.definition.isVersioned) { isForced in
            guard isForced || demand.isStored else { return false }
            demand.isStored = true
            demand.sendsOldValues = true
            return true
        } requireView: {
            demand.isStored = true
            return store.view
        }
    }

    /// Makes the table's changes tell the value before (S-30).
    @inlinable
    func requireOldValues() {
        _ = enableOldValues(true)
    }
}
