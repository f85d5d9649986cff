/// Where queries find the stores of one task: a copy of a partition that is here.
///
/// # Contract
/// - `read` may be called on any thread, at any time; it gives what is committed then of a store, by its number in the task, and takes
///   it away when `body` returns.
/// - It throws `stateStoreMigrated` once the task is closed.
package protocol StoreCopy {
    /// Whether it is the active one: restored, and not suspended.
    var isActive: Bool { get }

    func read<Answer>(
        _ store: Int,
        _ body: (_ state: any StateReading, _ position: Position) throws -> Answer
    ) throws -> Answer
}
