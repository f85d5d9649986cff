// Instead of Foundation's `Process`: pipes of children that start at the same moment leak into each other there, and ends of children
// go unnoticed.

import Foundation
import Glibc
import Synchronization
import TestProcesses

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

        do {
            processID = try startChild(program, arguments, environment: environment) { actions in
                for (descriptor, standard) in [(input.read, 0), (output.write, 1), (error.write, 2)] as [(Int32, Int32)]
                {
                    posix_spawn_file_actions_adddup2(&actions, descriptor, standard)
                }
            }
        } catch let failure {
            for descriptor in [input.write, output.read, error.read] { close(descriptor) }
            throw failure
        }
        self.input = input.write
        self.output = output.read
        self.error = error.read
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
        return exitCode(ofStatus: status)
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
