/// A transactional producer of others, run as a process that takes one command at a time.
struct TransactionalClient {
    private let child: ChildProcess

    static func with<Result>(
        _ client: Client, id: String, at servers: String, timeout: Duration = .seconds(60),
        _ body: (inout TransactionalClient) async throws -> Result
    ) async throws -> Result {
        let milliseconds = Int(timeout / .milliseconds(1))
        let arguments = [
            Programs.script("transactions.py"), client.rawValue, servers, id, "--timeout", "\(milliseconds)",
        ]
        return try await ChildProcess.with(try Programs.python, arguments) { child in
            var one = TransactionalClient(child: child)
            return try await body(&one)
        }
    }

    private var asked = 0

    private init(child: ChildProcess) { self.child = child }

    /// "ok", "fenced", or "error" and the error's name.
    mutating func call(_ command: String, limit: Duration = .seconds(90)) async throws -> String {
        try await send(command)
        return try await answer(limit: limit)
    }

    /// Does the commands in their order, each of which must succeed.
    mutating func `do`(_ commands: String...) async throws {
        for command in commands {
            let answer = try await call(command)
            if answer != "ok" { throw ChildError("\(command): \(answer)") }
        }
    }

    mutating func send(_ command: String) async throws {
        asked += 1
        try await child.write("\(command)\n")
    }

    /// The answer to the last command.
    func answer(limit: Duration = .seconds(90)) async throws -> String {
        let index = asked - 1
        return try await child.wait(for: "answer \(index)", limit: limit) { snapshot in
            snapshot.output.count > index ? snapshot.output[index] : nil
        }
    }

    /// Whether the last command is answered while the other process runs.
    func isAnswered(before other: ChildProcess) async throws -> Bool {
        let asked = asked
        var isAnswered = false
        try await eventually("an answer, or the end of \(other.command)") {
            isAnswered = child.snapshot.output.count >= asked
            return isAnswered || other.snapshot.status != nil
        }
        return isAnswered
    }
}
