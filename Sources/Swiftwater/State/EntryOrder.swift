/// Entries of a write buffer in key order, kept while keys come in: what makes a scan of the buffer cost its length only.
///
/// A list of short runs: a new key moves at most one run's worth of numbers. Entries are numbers, the buffer compares their keys.
struct EntryOrder {
    struct Position: Equatable {
        var run: Int
        var index: Int
    }

    private static let limit = 512
    private var runs: [[Int32]] = []

    /// Takes entries that are in order already.
    init(sorted entries: [Int32]) {
        var start = 0
        while start < entries.count {
            let end = min(start + Self.limit / 2, entries.count)
            runs.append(Array(entries[start..<end]))
            start = end
        }
    }

    /// Puts an entry before the first that `isBelow` denies.
    mutating func insert(_ entry: Int32, isBelow: (Int32) -> Bool) {
        if runs.isEmpty {
            runs.append([entry])
            return
        }
        var position = firstPosition(isBelow)
        // Behind all others: at the end of the last run rather than in a new one.
        if position.run == runs.count { position = Position(run: runs.count - 1, index: runs[runs.count - 1].count) }
        runs[position.run].insert(entry, at: position.index)
        if runs[position.run].count > Self.limit {
            let half = Self.limit / 2
            let upper = Array(runs[position.run][half...])
            runs[position.run].removeSubrange(half...)
            runs.insert(upper, at: position.run + 1)
        }
    }

    /// The first entry that `isBelow` denies; it holds for a beginning of the order and for nothing behind it.
    func firstPosition(_ isBelow: (Int32) -> Bool) -> Position {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if isBelow(runs[middle][runs[middle].count - 1]) { low = middle + 1 } else { high = middle }
        }
        guard low < runs.count else { return end }
        let run = low
        low = 0
        high = runs[run].count
        while low < high {
            let middle = (low + high) / 2
            if isBelow(runs[run][middle]) { low = middle + 1 } else { high = middle }
        }
        return Position(run: run, index: low)
    }

    var start: Position { Position(run: 0, index: 0) }
    var end: Position { Position(run: runs.count, index: 0) }

    subscript(position: Position) -> Int32 { runs[position.run][position.index] }

    func position(after position: Position) -> Position {
        position.index + 1 < runs[position.run].count
            ? Position(run: position.run, index: position.index + 1) : Position(run: position.run + 1, index: 0)
    }

    func position(before position: Position) -> Position {
        position.index > 0
            ? Position(run: position.run, index: position.index - 1)
            : Position(run: position.run - 1, index: runs[position.run - 1].count - 1)
    }

    var entries: [Int32] { Array(runs.joined()) }
}
