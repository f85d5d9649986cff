/// Gives a time in nanoseconds that only grows.
@usableFromInline
package typealias Stopwatch = @Sendable () -> UInt64

/// Counts what is done to one store, for the thread that owns the store.
///
/// Typed stores count where they are called, with serdes inside, as Kafka Streams' metered stores do; the bytes below count walks
/// and where reads are answered. Counting is an addition in place: nothing is allocated, locked or sent. Whoever publishes it takes
/// ``metrics(restarting:)`` between two records.
@usableFromInline
final class StoreMeter {
    private struct Time {
        var sum: UInt64 = 0
        var longest: UInt64 = 0
    }

    /// By operation, and then walks.
    @usableFromInline let totals: UnsafeMutablePointer<Int>
    private let times: UnsafeMutablePointer<Time>?
    /// Nil at the level info: then no time is taken.
    @usableFromInline let stopwatch: Stopwatch?
    @exclusivity(unchecked) var cacheHits = 0
    @exclusivity(unchecked) var cacheMisses = 0
    @exclusivity(unchecked) private var held: StoreMetrics.Held?

    private static let walks = StoreOperation.allCases.count

    init(_ stopwatch: Stopwatch? = nil) {
        self.stopwatch = stopwatch
        let places = Self.walks + 1
        totals = .allocate(capacity: places)
        totals.initialize(repeating: 0, count: places)
        times = stopwatch.map { _ in .allocate(capacity: places) }
        times?.initialize(repeating: Time(), count: places)
    }

    deinit {
        totals.deallocate()
        times?.deallocate()
    }

    /// Does something to the store and counts it, also if it fails.
    @inlinable
    func measure<Result>(_ operation: StoreOperation, _ body: () throws -> Result) rethrows -> Result {
        try measure(at: operation.rawValue, body)
    }

    /// Walks over the bytes of the store.
    func measureWalk(_ body: () throws -> Void) rethrows {
        try measure(at: Self.walks, body)
    }

    @inlinable
    func measure<Result>(at place: Int, _ body: () throws -> Result) rethrows -> Result {
        totals[place] &+= 1
        guard let stopwatch else { return try body() }
        let start = stopwatch()
        defer { took(stopwatch() &- start, at: place) }
        return try body()
    }

    @usableFromInline
    func took(_ time: UInt64, at place: Int) {
        guard let times else { return }
        times[place].sum &+= time
        times[place].longest = max(times[place].longest, time)
    }

    /// Counts what was done elsewhere.
    func count(_ operation: StoreOperation, times: Int) { totals[operation.rawValue] += times }

    /// What the store holds back now.
    func holds(_ count: Int, bytes: Int) {
        held = StoreMetrics.Held(
            count: count,
            bytes: bytes,
            largestCount: max(held?.largestCount ?? 0, count),
            largestBytes: max(held?.largestBytes ?? 0, bytes)
        )
    }

    /// What was counted so far.
    ///
    /// - Parameter restarting: whether the longest and largest are those since the last call that says so.
    func metrics(restarting: Bool) -> StoreMetrics {
        var metrics = StoreMetrics()
        for place in metrics.operations.indices { metrics.operations[place] = count(at: place) }
        metrics.iterators = count(at: Self.walks)
        metrics.cacheHits = cacheHits
        metrics.cacheMisses = cacheMisses
        metrics.held = held
        guard restarting else { return metrics }
        for place in 0...Self.walks { times?[place].longest = 0 }
        if let held {
            self.held?.largestCount = held.count
            self.held?.largestBytes = held.bytes
        }
        return metrics
    }

    private func count(at place: Int) -> OperationCount {
        let time = times?[place]
        return OperationCount(
            total: totals[place], nanoseconds: time?.sum ?? 0, longestNanoseconds: time?.longest ?? 0)
    }
}
