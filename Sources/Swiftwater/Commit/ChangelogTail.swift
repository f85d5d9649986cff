/// From where to where a changelog must be read so that a store holds what it should: a decision without a socket.
///
/// Done when the position is at the end, or the end of the partition was reported at or behind it, or there was nothing to read
/// from the beginning: a consumer has no position before its first message, and markers never move it (Design/Runtime.md).
package struct ChangelogTail: Equatable, Sendable {
    /// Where reading begins.
    package let start: Int64
    package let end: Int64
    /// The store must be emptied first: it holds what the changelog does not tell of any more.
    package let isRebuild: Bool
    package private(set) var position: Int64
    /// Whether records behind the end are none of the store's yet.
    private let isLimited: Bool

    /// - Parameters:
    ///   - kept: the offset after the last record that the store holds; nil if it holds none.
    ///   - isLimited: whether the end is not the topic's, but how far the topic is processed.
    ///   - isOutdated: whether deletions that came after `kept` may have been compacted away meanwhile.
    package init(kept: Int64?, beginning: Int64, end: Int64, isOutdated: Bool = false, isLimited: Bool = false) {
        // Deletions may have been compacted away before the beginning; a store ahead of its changelog is of another one. An
        // outdated store is as good as any if nothing came after it.
        if let kept, kept >= beginning, kept <= end, !isOutdated || kept == end {
            start = kept
            isRebuild = false
        } else {
            start = beginning
            isRebuild = kept != nil
        }
        self.end = end
        self.isLimited = isLimited
        position = start
    }

    package var isDone: Bool { position >= end }
    package var remaining: Int64 { max(0, end - position) }

    /// Whether a record is still to be read.
    package func wants(_ offset: Int64) -> Bool {
        offset >= position && (!isLimited || offset < end)
    }

    package mutating func read(_ offset: Int64) {
        position = max(position, offset + 1)
    }

    package mutating func reachedEndOfPartition(at offset: Int64) {
        position = max(position, isLimited ? min(offset, end) : offset)
    }
}
