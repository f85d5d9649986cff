/// A task that was revoked with its stores open and comes back: whether it goes on where it stood (Design/Runtime.md).
///
/// A member that missed a whole generation gets its task back without a word that somebody else had it meanwhile. Two things tell:
/// the group's offsets, and the ends of the changelogs.
package struct Suspension: Sendable {
    /// By input: the group's offset as the task left it.
    package var committed: [TopicPartition: Int64]
    /// By store: the offset after the last record of the changelog that it holds.
    package var changelogOffsets: [Int: Int64]

    package init(committed: [TopicPartition: Int64], changelogOffsets: [Int: Int64]) {
        self.committed = committed
        self.changelogOffsets = changelogOffsets
    }

    /// - Parameters:
    ///   - found: by input: the group's offset now, asked for as a stable one.
    ///   - ends: by logged store: where its changelog ends, asked for after the offsets; nil where nobody could say.
    ///   - isTransactional: a transaction's marker stands behind its records.
    package func isUntouched(found: [TopicPartition: Int64], ends: [Int: Int64?], isTransactional: Bool) -> Bool {
        guard committed.allSatisfy({ found[$0.key] == $0.value }) else { return false }
        return ends.allSatisfy { store, end in
            guard let end else { return false }
            let own = changelogOffsets[store] ?? 0
            // The marker of our own last transaction; another's is never alone.
            return end == own || isTransactional && end == own + 1
        }
    }
}
