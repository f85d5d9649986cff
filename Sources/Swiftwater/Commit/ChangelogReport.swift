/// What the delivery reports of a commit say of one store's changelog.
package enum ChangelogReport: Equatable, Sendable {
    /// Nothing was sent.
    case nothing
    /// The offset after the last record.
    case end(Int64)
    /// A retry was recognised and its offset not told. The topic's end is no answer: another member may have written there since.
    case unknown
}

extension TaskCheckpoint {
    /// Moves a store's changelog offset on: never back, and never by a guess. One that stays behind lets a restore read a little more.
    package mutating func advance(_ store: Int, by report: ChangelogReport) {
        let known = changelogOffsets[store]
        switch report {
        case .nothing, .unknown: return
        case .end(let end): changelogOffsets[store] = max(end, known ?? 0)
        }
    }
}
