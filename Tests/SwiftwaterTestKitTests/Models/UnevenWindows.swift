import Swiftwater

/// Windows of different lengths that follow each other, as the days and months of a calendar do.
struct UnevenWindows: Windows {
    /// One after the other, again and again.
    let lengths: [Int64]
    let grace: Duration

    var size: Duration { .milliseconds(lengths.max() ?? 1) }

    func window(containing time: Int64) -> (start: Int64, end: Int64) {
        let round = lengths.reduce(0, +)
        var window = (start: time / round * round, end: time / round * round)
        for length in lengths {
            window = (window.end, window.end + length)
            if time < window.end { break }
        }
        return window
    }

    func forEachWindow(containing timestamp: Timestamp, _ body: (Window) throws -> Void) throws {
        let window = window(containing: timestamp.rawValue)
        try body(Window(start: Timestamp(rawValue: window.start), end: Timestamp(rawValue: window.end)))
    }
}
