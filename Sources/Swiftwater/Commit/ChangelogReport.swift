/// What the delivery reports of a commit say of one store's changelog.
package enum ChangelogReport: Equatable, Sendable {
    /// Nothing was sent.
    case nothing
    /// The offset after the last record.
    case end(Int64)
    /// A retry was recognised and its offset not told: this is the end as it was asked for after the commit; nil if nobody answered.
    case unknown(end: Int64?)
}

extension TaskCheckpoint {
    /// Moves a store's changelog offset on: never back, and never by a guess.
    package mutating func advance(_ store: Int, by report: ChangelogReport) {
        let known = changelogOffsets[store]
        switch report {
        case .nothing, .unknown(end: nil): return
        case .end(let end), .unknown(end: let end?): changelogOffsets[store] = max(end, known ?? 0)
        }
    }
}
