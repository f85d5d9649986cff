/// How a windowed store keeps and forgets: entries are grouped by time, and whole groups end at once (ST-06).
///
/// The time of an entry is its window's start, for sessions their end. Every key of the store begins with the number of its
/// group, 8 bytes big-endian, so that what has expired is one range at the beginning of the store.
package struct Segments: Sendable, Hashable {
    /// How long behind the latest time of the store an entry can be read, in milliseconds.
    package var retention: Int64
    /// The width of a group, in milliseconds; 1 puts the store in the order of time.
    package var width: Int64
    /// The width of Kafka Streams' segments: a late entry still enters while its segment lives.
    package var interval: Int64

    package init(retention: Int64, width: Int64? = nil) {
        self.retention = retention
        self.interval = max(retention / 2, 60_000)
        self.width = max(1, width ?? interval)
    }

    /// The group that a time belongs to; times before 0 belong to the first.
    func group(of time: Int64) -> Int64 { max(0, time) / width }

    /// The earliest time that can still be read when the store has seen `latest`: exactly, or its whole segment (S-60).
    package func earliestReadable(at latest: Int64, wholeSegments: Bool = false) -> Int64 {
        if latest < retention { return 0 }
        return wholeSegments ? (latest - retention) / interval * interval : latest - retention + 1
    }

    /// Whether an entry of this time is refused because the store is past it (S-59): `strictly` as soon as it cannot be read any more,
    /// otherwise with its whole segment.
    func isExpired(_ time: Int64, at latest: Int64, strictly: Bool) -> Bool {
        if strictly { return time <= latest - retention }
        return latest >= retention && time / interval < (latest - retention) / interval
    }
}
