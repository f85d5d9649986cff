/// What was fed: the numbers from 0 up to a count, each acknowledged, with times at even distances.
struct FeedOutcome: Sendable {
    var count: Int64
    /// The event time of number 0, in milliseconds.
    var firstTime: Int64
    /// Milliseconds between two numbers, times 1000.
    var spacing: Int64

    func time(of number: Int64) -> Int64 { firstTime + number * spacing / 1000 }
}
