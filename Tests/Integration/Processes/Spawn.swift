// posix_spawn instead of Foundation's `Process`, for three reasons: a child of a Dispatch thread inherits blocked signals and then
// never hears of SIGTERM; pipes of children that start at the same moment leak into each other; ends of children go unnoticed.

import Foundation
import Glibc
import Synchronization

/// A started program and the parent's ends of its standard streams.
struct Spawn {
    let processID: pid_t
    let input: Int32
    let output: Int32
    let error: Int32

    /// One at a time: a pipe is another child's until it is marked.
    private static let lock = Mutex(())

    init(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        self = try Self.lock.withLock { _ in try Self(starting: program, arguments, environment) }
    }

    private init(starting program: String, _ arguments: [String], _ environment: [String: String]) throws {
        let (input, output, error) = (try Self.pipe(), try Self.pipe(), try Self.pipe())
        defer { for descriptor in [input.read, output.write, error.write] { close(descriptor) } }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (descriptor, standard) in [(input.read, 0), (output.write, 1), (error.write, 2)] as [(Int32, Int32)] {
            posix_spawn_file_actions_adddup2(&actions, descriptor, standard)
        }
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

        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0.key)=\($0.value)" }
        var argumentPointers = ([program] + arguments).map { strdup($0) } + [nil]
        var variablePointers = variables.map { strdup($0) } + [nil]
        defer { for text in argumentPointers + variablePointers { free(text) } }
        var processID: pid_t = 0
        let code = posix_spawn(&processID, program, &actions, &attributes, &argumentPointers, &variablePointers)
        guard code == 0 else {
            for descriptor in [input.write, output.read, error.read] { close(descriptor) }
            throw ChildError("cannot start \(program): \(String(cString: strerror(code)))")
        }
        self.processID = processID
        self.input = input.write
        self.output = output.read
        self.error = error.read
    }

    /// Lets the child begin with its three standard streams alone: libraries open sockets that are not marked to
    /// be closed, such as a mock cluster's, and a child that kept one would keep its port and those who talk to it waiting.
    private static func closeAllElse(_ actions: inout posix_spawn_file_actions_t) throws {
        // Glibc has it since 2.34, and shows it to programs of GNU only.
        typealias CloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, CInt) -> CInt
        guard let symbol = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else {
            throw ChildError(
                "this system's C library is older than glibc 2.34, and cannot start a child without open files")
        }
        let code = unsafeBitCast(symbol, to: CloseFrom.self)(&actions, 3)
        guard code == 0 else {
            throw ChildError("cannot start a child without open files: \(String(cString: strerror(code)))")
        }
    }

    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw ChildError("no pipe: \(String(cString: strerror(errno)))") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// Blocks until the process has ended.
    ///
    /// - Returns: its exit code, or 128 + the signal's number.
    static func wait(for processID: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(processID, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }

    /// Blocks until something can be read; empty at the end.
    static func read(_ descriptor: Int32) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            return Array(bytes[..<max(0, count)])
        }
    }

    /// Blocks until the other end has taken all, or is closed.
    static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw ChildError("cannot write to it: \(String(cString: strerror(errno)))") }
            start += count
        }
    }
}
