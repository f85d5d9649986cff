internal import Synchronization

/// The standing of an application that many look at: its threads, those who stop it, those who wait for it.
final class ApplicationLife: Sendable {
    fileprivate struct Shared {
        var standing = ApplicationStanding()
        var threads: [any Stoppable] = []
        var listeners: [Int: AsyncStream<StreamsState>.Continuation] = [:]
        var nextListener = 0
        var told: StreamsState?
        var waiting: [CheckedContinuation<Void, any Error>] = []
        var isOver = false
        var atEnd: [@Sendable () -> Void] = []
        var relaunch: @Sendable () -> Void = {}
    }

    private let shared = Mutex(Shared())

    var state: StreamsState { shared.withLock { $0.standing.state } }

    /// The state now and every one that follows, up to the last.
    func states() -> AsyncStream<StreamsState> {
        let (stream, continuation) = AsyncStream.makeStream(of: StreamsState.self)
        let number: Int? = shared.withLock { shared in
            continuation.yield(shared.standing.state)
            if shared.isOver {
                continuation.finish()
                return nil
            }
            defer { shared.nextListener += 1 }
            shared.listeners[shared.nextListener] = continuation
            return shared.nextListener
        }
        if let number {
            continuation.onTermination = { [weak self] _ in
                self?.shared.withLock { _ = $0.listeners.removeValue(forKey: number) }
            }
        }
        return stream
    }

    func start() -> Bool { change { $0.standing.start() } }

    func fail(_ error: any Error) {
        change { $0.standing.fail(error) }
        finish()
    }

    /// Keeps the threads so that they can be told to stop; one that was asked for already reaches them at once.
    func launch(_ threads: [any Stoppable]) {
        let isStopped = change { shared in
            shared.standing.launch(threads: threads.count)
            shared.threads = threads
            return shared.standing.shouldStop
        }
        if isStopped { stop() }
    }

    func stop() {
        let (action, state) = change { ($0.standing.stop(), $0.standing.state) }
        if action == .stopThreads { stopThreads() }
        if state == .stopped { finish() }
    }

    func interrupt(_ error: any Error) {
        if change({ $0.standing.interrupt(error) }) == .stopThreads { stopThreads() }
    }

    /// Ends the threads and calls the function, which is to launch others.
    func replan(_ relaunch: @escaping @Sendable () -> Void) {
        let action = change { shared in
            shared.relaunch = relaunch
            return shared.standing.replan()
        }
        if action == .stopThreads { stopThreads() }
    }

    /// Calls the function when the application has ended, at once if it has.
    func onEnd(_ body: @escaping @Sendable () -> Void) {
        let isOver = shared.withLock { shared in
            if !shared.isOver { shared.atEnd.append(body) }
            return shared.isOver
        }
        if isOver { body() }
    }

    func receive(_ event: ThreadEvent, from thread: Int) {
        switch change({ $0.standing.receive(event, from: thread) }) {
        case .nothing: break
        case .stopThreads: stopThreads()
        case .finish: finish()
        case .relaunch:
            let relaunch = shared.withLock { $0.relaunch }
            relaunch()
        }
    }

    /// Returns after the last thread has ended; throws what ended the first.
    func wait() async throws {
        try await withCheckedThrowingContinuation { continuation in
            let outcome: Result<Void, any Error>? = shared.withLock { shared in
                if shared.isOver { return shared.outcome }
                shared.waiting.append(continuation)
                return nil
            }
            if let outcome { continuation.resume(with: outcome) }
        }
    }

    private func stopThreads() {
        for thread in shared.withLock({ $0.threads }) { thread.stop() }
    }

    private func finish() {
        let (waiting, listeners, atEnd, outcome) = shared.withLock { shared in
            shared.isOver = true
            shared.threads = []
            defer {
                shared.waiting = []
                shared.listeners = [:]
                shared.atEnd = []
                shared.relaunch = {}
            }
            return (shared.waiting, Array(shared.listeners.values), shared.atEnd, shared.outcome)
        }
        for body in atEnd { body() }
        for listener in listeners { listener.finish() }
        for continuation in waiting { continuation.resume(with: outcome) }
    }

    @discardableResult
    private func change<Result: Sendable>(_ body: (inout Shared) -> Result) -> Result {
        shared.withLock { shared in
            let result = body(&shared)
            let state = shared.standing.state
            if shared.told != state {
                shared.told = state
                for listener in shared.listeners.values { listener.yield(state) }
            }
            return result
        }
    }
}

extension ApplicationLife.Shared {
    fileprivate var outcome: Result<Void, any Error> {
        standing.failure.map { .failure($0) } ?? .success(())
    }
}
