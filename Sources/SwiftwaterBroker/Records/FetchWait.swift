import Synchronization

/// One long poll's sleep: ended by a signal, even one from before it began, by time, or by cancellation.
final class FetchWait: Sendable {
    private struct State {
        var isSignalled = false
        var continuation: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func signal() {
        let continuation = state.withLock { state in
            state.isSignalled = true
            defer { state.continuation = nil }
            return state.continuation
        }
        continuation?.resume()
    }

    /// Takes the signal, so that the next sleep waits for a new one.
    func sleep(until deadline: ContinuousClock.Instant) async {
        let alarm = Task {
            if (try? await ContinuousClock().sleep(until: deadline)) != nil { signal() }
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isSignalled = state.withLock { state in
                    if !state.isSignalled { state.continuation = continuation }
                    return state.isSignalled
                }
                if isSignalled { continuation.resume() }
            }
        } onCancel: {
            signal()
        }
        alarm.cancel()
        state.withLock { $0.isSignalled = false }
    }
}
