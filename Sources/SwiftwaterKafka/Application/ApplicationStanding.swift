/// Where an application stands, from what its threads tell: a decision without threads.
struct ApplicationStanding {
    /// What the application is to do about an event.
    enum Action: Equatable {
        case nothing
        /// One thread ended by itself: the others are to end too.
        case stopThreads
        /// All threads have ended.
        case finish
        /// All threads have ended, and others are to follow a new plan.
        case relaunch
    }

    private(set) var state = StreamsState.created
    private(set) var failure: (any Error)?
    private var threads: [Int: StreamsState] = [:]
    private var isStarted = false
    private var isStopping = false
    private var isReplanning = false

    /// False if the application was started before: it runs once.
    mutating func start() -> Bool {
        guard !isStarted, !isStopping else { return false }
        isStarted = true
        state = .rebalancing
        return true
    }

    /// The threads are about to run.
    mutating func launch(threads count: Int) {
        for thread in 0..<count { threads[thread] = .rebalancing }
    }

    /// Nothing could be started.
    mutating func fail(_ error: any Error) {
        failure = error
        state = .failed
    }

    /// Somebody asks for the end; whether there are threads to be told.
    mutating func stop() -> Action {
        isStopping = true
        if threads.isEmpty {
            if !isStarted { state = .stopped }
            return .nothing
        }
        state = .stopping
        return .stopThreads
    }

    /// Something that concerns all threads makes going on impossible.
    mutating func interrupt(_ error: any Error) -> Action {
        if threads.isEmpty { return .nothing }
        if failure == nil { failure = error }
        isStopping = true
        state = .stopping
        return .stopThreads
    }

    /// The topics are others than those of the plan: the threads are to end, and others to begin.
    mutating func replan() -> Action {
        if threads.isEmpty || isStopping || isReplanning { return .nothing }
        isReplanning = true
        state = .rebalancing
        return .stopThreads
    }

    mutating func receive(_ event: ThreadEvent, from thread: Int) -> Action {
        switch event {
        case .state(let state):
            threads[thread] = state
            if !isStopping, !isReplanning { self.state = combined() }
            return .nothing
        case .ended(let error):
            threads[thread] = nil
            if failure == nil { failure = error }
            if isReplanning, !isStopping, failure == nil {
                guard threads.isEmpty else { return .nothing }
                isReplanning = false
                return .relaunch
            }
            guard threads.isEmpty else {
                isStopping = true
                state = .stopping
                return .stopThreads
            }
            state = failure == nil ? .stopped : .failed
            return .finish
        }
    }

    /// The state that says most: a thread that waits for others hides one that runs.
    private func combined() -> StreamsState {
        for state in [StreamsState.waitingForPeers, .rebalancing, .stopping] where threads.values.contains(state) {
            return state
        }
        return .running
    }

    var shouldStop: Bool { isStopping }
}
