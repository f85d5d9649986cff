internal import Foundation
internal import Synchronization

/// Notices that the whole process stood still (SIGSTOP, a sleeping machine): a thread of its own ticks, and misses ticks then.
///
/// A stream thread that is merely slow does not count: its heartbeats go on.
final class Pulse: Sendable {
    private let beat: Beat

    /// - Parameter limit: how long standing still is harmless.
    init(limit: Duration) {
        let beat = Beat(limit: limit)
        self.beat = beat
        let thread = Thread {
            while !beat.isOver.load(ordering: .relaxed) {
                Thread.sleep(forTimeInterval: min(0.5, limit / .seconds(4)))
                beat.tick()
            }
        }
        thread.name = "pulse"
        thread.stackSize = 1 << 18
        thread.start()
    }

    deinit { beat.isOver.store(true, ordering: .relaxed) }

    /// How often the process stood still for longer than the limit, up to this moment.
    var freezes: Int { beat.tick() }
}

/// The tick that was last, and the gaps found.
private final class Beat: Sendable {
    let isOver = Atomic<Bool>(false)
    private let limit: Duration
    private let state: Mutex<(last: ContinuousClock.Instant, freezes: Int)>

    init(limit: Duration) {
        self.limit = limit
        state = Mutex((ContinuousClock.now, 0))
    }

    /// Whoever comes first after a gap counts it.
    @discardableResult
    func tick() -> Int {
        let now = ContinuousClock.now
        return state.withLock { state in
            if state.last.duration(to: now) > limit { state.freezes += 1 }
            state.last = now
            return state.freezes
        }
    }
}
