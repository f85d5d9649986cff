import Synchronization
import Testing

@testable import Swiftwater

/// What a meter makes of times that a test decides.
struct StoreMeterTests {
    private struct Failure: Error {}

    /// A clock that moves by hand.
    private final class Clock: Sendable {
        private let time = Mutex<UInt64>(1_000)

        var stopwatch: Stopwatch { { self.time.withLock { $0 } } }

        func advance(by nanoseconds: UInt64) { time.withLock { $0 += nanoseconds } }
    }

    @Test func `ST-10 every operation is counted by itself, also the one that fails`() {
        let meter = StoreMeter()
        for (index, operation) in StoreOperation.allCases.enumerated() {
            for _ in 0...index { meter.measure(operation) {} }
        }
        #expect(throws: Failure.self) { try meter.measure(.put) { throw Failure() } }
        meter.count(.restore, times: 100)
        let metrics = meter.metrics(restarting: false)
        let others: [StoreOperation: Int] = [.put: 1, .restore: 100]
        for (index, operation) in StoreOperation.allCases.enumerated() {
            #expect(metrics[operation].total == index + 1 + others[operation, default: 0])
            #expect(metrics[operation].nanoseconds == 0)
        }
        #expect(metrics.iterators.total == 0)
        #expect(metrics.held == nil && metrics.keys == nil)
    }

    @Test func `ST-10 at the level debug times are added up, and the longest is that of an interval`() {
        let clock = Clock()
        let meter = StoreMeter(clock.stopwatch)
        for time in [5, 30, 10] as [UInt64] { meter.measure(.get) { clock.advance(by: time) } }
        meter.measureWalk { clock.advance(by: 7) }
        #expect(throws: Failure.self) {
            try meter.measure(.put) {
                clock.advance(by: 3)
                throw Failure()
            }
        }
        let first = meter.metrics(restarting: true)
        #expect(first[.get] == OperationCount(total: 3, nanoseconds: 45, longestNanoseconds: 30))
        #expect(first.iterators == OperationCount(total: 1, nanoseconds: 7, longestNanoseconds: 7))
        #expect(first[.put] == OperationCount(total: 1, nanoseconds: 3, longestNanoseconds: 3))
        meter.measure(.get) { clock.advance(by: 20) }
        let second = meter.metrics(restarting: false)
        #expect(second[.get] == OperationCount(total: 4, nanoseconds: 65, longestNanoseconds: 20))
        #expect(second[.put].longestNanoseconds == 0)
    }

    @Test func `ST-10 what is held back is told as it is, and the most of an interval`() {
        let meter = StoreMeter()
        meter.holds(3, bytes: 300)
        meter.holds(1, bytes: 100)
        let first = meter.metrics(restarting: true)
        #expect(first.held == StoreMetrics.Held(count: 1, bytes: 100, largestCount: 3, largestBytes: 300))
        #expect(
            meter.metrics(restarting: false).held
                == StoreMetrics.Held(count: 1, bytes: 100, largestCount: 1, largestBytes: 100))
    }
}
