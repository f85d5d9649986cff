import Synchronization

/// A fixed number of places, given in the order in which they are asked for. Who waits for one blocks no thread, and stops waiting
/// when its task is cancelled.
final class Places: Sendable {
    private struct State {
        /// Above 0 only while nobody waits.
        var free: Int
        var waiting: [(ticket: Int, place: CheckedContinuation<Void, any Error>)] = []
        var lastTicket = 0
    }

    private let state: Mutex<State>

    init(_ count: Int) {
        precondition(count > 0, "without a place nobody is ever served")
        state = Mutex(State(free: count))
    }

    /// How many places are free, and how many callers wait for one.
    var standing: (free: Int, waiting: Int) { state.withLock { ($0.free, $0.waiting.count) } }

    /// Runs the body in a place of its own.
    ///
    /// - Throws: what the body throws; `CancellationError` if the task is cancelled while it waits, and then the body does not run.
    func withPlace<Result>(_ body: () async throws -> Result) async throws -> Result {
        try await take()
        defer { giveBack() }
        return try await body()
    }

    private func take() async throws {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (place: CheckedContinuation<Void, any Error>) in
                let answer: Result<Void, any Error>? = state.withLock { state in
                    // A cancellation before this moment finds nobody with the ticket; one after it does.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.free > 0 {
                        state.free -= 1
                        return .success(())
                    }
                    state.waiting.append((ticket, place))
                    return nil
                }
                if let answer { place.resume(with: answer) }
            }
        } onCancel: {
            let place = state.withLock { state in
                state.waiting.firstIndex { $0.ticket == ticket }.map { state.waiting.remove(at: $0).place }
            }
            place?.resume(throwing: CancellationError())
        }
    }

    private func giveBack() {
        let next = state.withLock { state in
            if state.waiting.isEmpty {
                state.free += 1
                return nil as CheckedContinuation<Void, any Error>?
            }
            return state.waiting.removeFirst().place
        }
        next?.resume()
    }
}
