/// What went wrong with a child, together with the last lines that it wrote to standard error.
struct ChildError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }

    init(_ cause: any Error, _ child: ChildProcess) {
        let snapshot = child.snapshot
        let lines = snapshot.error.suffix(60).map { "    \($0)" }.joined(separator: "\n")
        description = """
            \(cause)
              \(child.command), status \(snapshot.status.map(String.init) ?? "unknown"), wrote to standard error:
            \(lines)
            """
    }
}
