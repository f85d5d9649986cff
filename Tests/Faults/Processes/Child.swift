import Foundation
import TestProcesses

/// A started program in a process group of its own, with its outputs in files. For the thread that started it: the kernel kills
/// the child when that thread ends.
final class Child {
    let processID: pid_t
    /// The exit code, or 128 + the signal's number; nil while it runs.
    private(set) var status: Int32?
    private(set) var isStopped = false

    /// - Parameters:
    ///   - log: takes what it writes to standard error, behind what is there.
    ///   - input: what it reads from; held open by itself too, so that it never ends.
    init(
        _ program: String, _ arguments: [String], input: String = "/dev/null", output: String, log: String,
        environment: [String: String] = [:]
    ) throws {
        let appending = O_WRONLY | O_CREAT | O_APPEND
        let own = [ParentDeath.variable: String(getpid())].merging(environment) { $1 }
        processID = try startChild(program, arguments, environment: own) { actions in
            posix_spawn_file_actions_addopen(&actions, 0, input, O_RDWR, 0)
            posix_spawn_file_actions_addopen(&actions, 1, output, appending, 0o644)
            posix_spawn_file_actions_addopen(&actions, 2, log, appending, 0o644)
        }
    }

    deinit { end() }

    /// Starts this program in one of its other roles.
    static func ofThisProgram(
        _ arguments: [String], input: String = "/dev/null", output: String, log: String,
        environment: [String: String] = [:]
    ) throws -> Child {
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return try Child(program, arguments, input: input, output: output, log: log, environment: environment)
    }

    /// Runs a program of the system to its end.
    static func run(_ program: String, _ arguments: [String]) throws -> Int32 {
        let child = try Child(program, arguments, output: "/dev/null", log: "/dev/null")
        // Also when the user interrupts: it is what cleans up.
        while child.poll() == nil { Thread.sleep(forTimeInterval: 0.005) }
        return child.status ?? -1
    }

    func send(_ signal: Int32) {
        guard status == nil else { return }
        if signal == SIGSTOP { isStopped = true }
        if signal == SIGCONT { isStopped = false }
        kill(processID, signal)
    }

    /// Asks whether it has ended.
    @discardableResult
    func poll() -> Int32? {
        if status != nil { return status }
        var found: Int32 = 0
        guard waitpid(processID, &found, WNOHANG) == processID else { return nil }
        status = exitCode(ofStatus: found)
        return status
    }

    /// - Returns: the status; nil if it still runs.
    func waitForEnd(limit: Duration) throws -> Int32? {
        let deadline = ContinuousClock.now + limit
        while poll() == nil, ContinuousClock.now < deadline {
            try Interruption.check()
            Thread.sleep(forTimeInterval: 0.005)
        }
        return status
    }

    /// Kills it and waits until it is gone.
    func end() {
        guard status == nil else { return }
        kill(processID, SIGKILL)
        var found: Int32 = 0
        while waitpid(processID, &found, 0) < 0, errno == EINTR {}
        status = 128 + SIGKILL
    }
}
