/// Whether a branch has taken the record that a split is offering; one for each split of a task.
@usableFromInline
final class BranchTurn {
    @usableFromInline var isTaken = false

    @usableFromInline
    init() {}
}
