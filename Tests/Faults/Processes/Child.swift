import Foundation

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
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let appending = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDWR, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, appending, 0o644)
        posix_spawn_file_actions_addopen(&actions, 2, log, appending, 0o644)
        try Self.closeAllElse(&actions)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

        let own = [ParentDeath.variable: String(getpid())].merging(environment) { $1 }
        let variables = ProcessInfo.processInfo.environment.merging(own) { $1 }.map { "\($0.key)=\($0.value)" }
        var argumentPointers = ([program] + arguments).map { strdup($0) } + [nil]
        var variablePointers = variables.map { strdup($0) } + [nil]
        defer { for text in argumentPointers + variablePointers { free(text) } }
        var processID: pid_t = 0
        let code = posix_spawn(&processID, program, &actions, &attributes, &argumentPointers, &variablePointers)
        guard code == 0 else { throw TortureError("cannot start \(program): \(String(cString: strerror(code)))") }
        self.processID = processID
    }

    deinit { end() }

    /// Lets the child begin with its three standard streams alone: sockets of librdkafka are this process's own.
    private static func closeAllElse(_ actions: inout posix_spawn_file_actions_t) throws {
        // Glibc has it since 2.34, and shows it to programs of GNU only.
        typealias CloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, CInt) -> CInt
        guard let symbol = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else {
            throw TortureError(
                "this system's C library is older than glibc 2.34, and cannot start a child without open files")
        }
        let code = unsafeBitCast(symbol, to: CloseFrom.self)(&actions, 3)
        guard code == 0 else {
            throw TortureError("cannot start a child without open files: \(String(cString: strerror(code)))")
        }
    }

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
        status = found & 0x7F == 0 ? found >> 8 & 0xFF : 128 + found & 0x7F
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
