/// A value on its way past the branches of a split.
@usableFromInline
struct BranchOffer<Value> {
    @usableFromInline let value: Value
    @usableFromInline let turn: BranchTurn

    @inlinable
    init(value: Value, turn: BranchTurn) {
        self.value = value
        self.turn = turn
    }
}
