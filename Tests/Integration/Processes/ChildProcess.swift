// A program that a test starts.
//
// Nothing here blocks a thread of Swift's pool: a thread for each stream and one for the end tell what comes, and those who wait
// are continued. `with` kills what is left of the child when the body is over, however it ends, and adds what the child wrote to
// standard error to the body's error.

import Foundation
import Glibc
import Synchronization

/// A running program, with all that it has written so far.
final class ChildProcess: Sendable {
    enum Stream: Sendable { case output, error }

    private struct State {
        var output = LineBuffer()
        var error = LineBuffer()
        var openStreams = 2
        var status: Int32?
        var isInputOpen = true
        /// Told of every change until they return true.
        var waiters: [Int: @Sendable (Snapshot) -> Bool] = [:]
        var nextWaiter = 0

        var snapshot: Snapshot {
            Snapshot(output: output.lines, error: error.lines, status: openStreams == 0 ? status : nil)
        }
    }

    /// What is known of the child at one moment.
    struct Snapshot: Sendable {
        var output: [String]
        var error: [String]
        /// The exit code, or 128 + the signal's number; nil until it has ended and all it wrote is here.
        var status: Int32?
    }

    let command: String
    private let child: Spawn
    private let inputQueue = DispatchQueue(label: "input of a child")
    private let state = Mutex(State())

    /// Starts the program for as long as the body runs.
    static func with<Result>(
        _ program: URL, _ arguments: [String], environment: [String: String] = [:],
        _ body: (ChildProcess) async throws -> Result
    ) async throws -> Result {
        let child = try ChildProcess(program, arguments, environment: environment)
        do {
            let result = try await body(child)
            await child.kill()
            return result
        } catch {
            await child.kill()
            throw ChildError(error, child)
        }
    }

    /// Runs it to its end with this text as its standard input, of which it may leave some.
    static func run(
        _ program: URL, _ arguments: [String], input: String = "", environment: [String: String] = [:],
        limit: Duration = .seconds(60)
    ) async throws -> Snapshot {
        try await with(program, arguments, environment: environment) { child in
            // A pipe that nobody reads any more: how the process ended says why.
            try? await child.write(input)
            child.closeInput()
            return try await child.end(limit: limit)
        }
    }

    init(_ program: URL, _ arguments: [String], environment: [String: String] = [:]) throws {
        try IntegrationTrait.requirePlace()
        signal(SIGPIPE, SIG_IGN)
        command = ([program.lastPathComponent] + arguments).joined(separator: " ")
        child = try Spawn(program.path, arguments, environment: environment)
        Reaper.shared.watch(process: child.processID)
        read(child.output, \.output)
        read(child.error, \.error)
        Thread { [self] in
            let status = Spawn.wait(for: child.processID)
            Reaper.shared.forget(process: child.processID)
            update { $0.status = status }
        }.start()
    }

    private func read(_ descriptor: Int32, _ stream: any WritableKeyPath<State, LineBuffer> & Sendable) {
        Thread { [self] in
            while true {
                let bytes = Spawn.read(descriptor)
                update { state in
                    state[keyPath: stream].append(bytes)
                    if bytes.isEmpty { state.openStreams -= 1 }
                }
                if bytes.isEmpty { break }
            }
            close(descriptor)
        }.start()
    }

    private func update(_ change: (inout State) -> Void) {
        state.withLock { state in
            change(&state)
            let snapshot = state.snapshot
            for (number, isServed) in state.waiters where isServed(snapshot) { state.waiters[number] = nil }
        }
    }

    // MARK: Talking to it

    var processID: Int32 { child.processID }
    var snapshot: Snapshot { state.withLock { $0.snapshot } }

    /// Returns when the child's pipe has taken the text.
    func write(_ text: String) async throws {
        if text.isEmpty { return }
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            inputQueue.async { [child] in
                continuation.resume(with: Result { try Spawn.write(Array(text.utf8), to: child.input) })
            }
        }
    }

    func closeInput() {
        let isOpen = state.withLock { state in
            defer { state.isInputOpen = false }
            return state.isInputOpen
        }
        if isOpen { inputQueue.async { [child] in close(child.input) } }
    }

    func send(_ signal: Int32) {
        state.withLock { state in
            if state.status == nil { _ = Glibc.kill(child.processID, signal) }
        }
    }

    // MARK: Waiting

    /// Waits until the condition gives a value; an end of the child without it is an error.
    @discardableResult
    func wait<Value: Sendable>(
        for what: String, limit: Duration = .seconds(60), _ condition: @escaping @Sendable (Snapshot) -> Value?
    ) async throws -> Value {
        let result = Mutex<Result<Value, any Error>?>(nil)
        let signal = AsyncStream.makeStream(of: Void.self)
        let command = command
        let check: @Sendable (Snapshot) -> Bool = { snapshot in
            result.withLock { result in
                if result != nil { return true }
                if let value = condition(snapshot) {
                    result = .success(value)
                } else if let status = snapshot.status {
                    result = .failure(ChildError("\(command) ended with \(status) before \(what)"))
                } else {
                    return false
                }
                signal.continuation.finish()
                return true
            }
        }
        let waiter = state.withLock { state in
            state.nextWaiter += 1
            if !check(state.snapshot) { state.waiters[state.nextWaiter] = check }
            return state.nextWaiter
        }
        let timer = Task {
            try await Task.sleep(for: limit)
            result.withLock { $0 = $0 ?? .failure(ChildError("no \(what) of \(command) within \(limit)")) }
            signal.continuation.finish()
        }
        for await _ in signal.stream {}
        timer.cancel()
        state.withLock { $0.waiters[waiter] = nil }
        guard let result = result.withLock({ $0 }) else { throw CancellationError() }
        return try result.get()
    }

    /// Waits for a line of which the pattern gives a value.
    @discardableResult
    func line<Value: Sendable>(
        _ what: String, on stream: Stream = .output, limit: Duration = .seconds(60),
        _ match: @escaping @Sendable (String) -> Value?
    ) async throws -> Value {
        let searched = Mutex(0)
        return try await wait(for: what, limit: limit) { snapshot in
            let lines = stream == .output ? snapshot.output : snapshot.error
            let start = searched.withLock { searched in
                defer { searched = lines.count }
                return searched
            }
            for line in lines[start...] {
                if let value = match(line) { return value }
            }
            return nil
        }
    }

    /// Waits until it has ended by itself.
    @discardableResult
    func end(limit: Duration = .seconds(60)) async throws -> Snapshot {
        try await wait(for: "end", limit: limit) { $0.status == nil ? nil : $0 }
    }

    /// Ends it by SIGKILL, and waits until it is gone.
    func kill() async {
        send(SIGKILL)
        closeInput()
        _ = try? await end(limit: .seconds(20))
    }

    /// Asks it to end by SIGTERM, and waits for that.
    @discardableResult
    func terminate(limit: Duration = .seconds(60)) async throws -> Snapshot {
        send(SIGTERM)
        return try await end(limit: limit)
    }
}
