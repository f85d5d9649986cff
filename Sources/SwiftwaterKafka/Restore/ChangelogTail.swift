internal import Swiftwater

/// From where to where a changelog must be read so that a store holds what it should: a decision without a socket.
///
/// Done when the position is at the end, or the end of the partition was reported at or behind it, or there was nothing to read
/// from the beginning: a consumer has no position before its first message, and markers never move it (DESIGN.md section 4).
struct ChangelogTail: Equatable {
    /// Where reading begins.
    let start: Int64
    let end: Int64
    /// The store must be emptied first: it holds what the changelog does not tell of any more.
    let isRebuild: Bool
    private(set) var position: Int64

    /// - Parameter kept: the offset after the last record that the store holds; nil if it holds none.
    init(kept: Int64?, beginning: Int64, end: Int64) {
        // Deletions may have been compacted away before the beginning; a store ahead of its changelog is of another one.
        if let kept, kept >= beginning, kept <= end {
            start = kept
            isRebuild = false
        } else {
            start = beginning
            isRebuild = kept != nil
        }
        self.end = end
        position = start
    }

    var isDone: Bool { position >= end }
    var remaining: Int64 { max(0, end - position) }

    mutating func read(_ offset: Int64) {
        position = max(position, offset + 1)
    }

    mutating func reachedEndOfPartition(at offset: Int64) {
        position = max(position, offset)
    }
}
