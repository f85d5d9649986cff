/// What operators downstream ask of a table's node, which is written when all of them have asked (S-30).
@usableFromInline
final class TableDemand {
    /// Whether its changes tell the value before.
    @usableFromInline var sendsOldValues = false
    /// Whether it is kept in the store that is meant for it.
    @usableFromInline var isStored: Bool

    @usableFromInline
    init(isStored: Bool) {
        self.isStored = isStored
    }
}
