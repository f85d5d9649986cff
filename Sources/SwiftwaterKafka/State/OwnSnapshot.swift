internal import LMDB

/// The snapshot that a task's thread reads in: given up before each commit, renewed by the first read after it.
final class OwnSnapshot {
    private(set) var transaction: ReadTransaction
    private var isResting = false

    init(_ environment: Environment) throws(LMDBError) {
        transaction = try environment.read()
    }

    /// Lets the map move and pages be written again.
    func rest() {
        transaction.rest()
        isResting = true
    }

    /// Sees the last commit.
    func freshen() throws(LMDBError) {
        guard isResting else { return }
        try transaction.renew()
        isResting = false
    }
}
