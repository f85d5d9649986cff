// What the tests and the fault suite start their children with. `posix_spawn` instead of Foundation's `Process`: a child of a
// Dispatch thread inherits blocked signals and then never hears of SIGTERM.

internal import Foundation
package import Glibc

/// A program could not be started.
package struct SpawnError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }

    init(_ description: String, code: Int32) {
        self.init("\(description): \(String(cString: strerror(code)))")
    }
}

/// Starts a program in a process group of its own, with no signal blocked or ignored and nothing open but its three streams.
///
/// - Parameters:
///   - environment: goes over this process's own.
///   - streams: sets descriptors 0, 1 and 2.
/// - Returns: the process's number.
package func startChild(
    _ program: String,
    _ arguments: [String],
    environment: [String: String],
    streams: (inout posix_spawn_file_actions_t) -> Void
) throws(SpawnError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    streams(&actions)
    try closeAllElse(&actions)

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
    guard code == 0 else { throw SpawnError("cannot start \(program)", code: code) }
    return processID
}

/// The exit code in what `waitpid` tells, or 128 + the signal's number.
package func exitCode(ofStatus status: Int32) -> Int32 {
    status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
}

/// Lets a child begin with its three standard streams alone: libraries open sockets that are not marked to be closed, such as a
/// mock cluster's, and a child that kept one would keep its port and those who talk to it waiting.
private func closeAllElse(_ actions: inout posix_spawn_file_actions_t) throws(SpawnError) {
    // Glibc has it since 2.34, and shows it to programs of GNU only.
    typealias CloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, CInt) -> CInt
    guard let symbol = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else {
        throw SpawnError(
            "this system's C library is older than glibc 2.34, and cannot start a child without open files")
    }
    let code = unsafeBitCast(symbol, to: CloseFrom.self)(&actions, 3)
    guard code == 0 else { throw SpawnError("cannot start a child without open files", code: code) }
}
