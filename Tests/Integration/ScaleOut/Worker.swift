import Foundation

/// A `WordCount --worker` process, and what its log says.
struct Worker: Sendable {
    let name: String
    let child: ChildProcess

    /// What one of its tasks replayed of its changelog.
    struct Restored: Hashable, Sendable {
        var task: String
        var records: Int64
    }

    /// Waits until the group has given it tasks.
    func isAssigned() async throws {
        _ = try await child.line("tasks", on: .error, limit: .seconds(90)) { line in
            Self.assigned(line).flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    /// Waits until it has begun to look for its work.
    func isStarting() async throws {
        _ = try await child.line("start", on: .error) { $0.hasSuffix(" starting") ? true : nil }
    }

    /// Waits until it has restored the stores of these tasks.
    func restored(_ tasks: Set<String>) async throws -> [Restored] {
        try await child.wait(for: "restored stores of \(tasks.sorted())", limit: .seconds(90)) { snapshot in
            let all = snapshot.error.compactMap(Self.restored)
            return tasks.isSubset(of: all.map(\.task)) ? all : nil
        }
    }

    /// The tasks that the group gave it last.
    var tasks: Set<String> {
        Set(child.snapshot.error.compactMap(Self.assigned).last ?? [])
    }

    /// What it was warned of: nothing, while no process is killed.
    var warnings: [String] {
        child.snapshot.error.filter { $0.contains(" warning ") || $0.contains(" error ") }
    }

    private static func assigned(_ line: String) -> [String]? {
        guard line.hasSuffix(" tasks assigned") else { return nil }
        return line.matches(of: /\b(\d+_\d+)\b/).map { String($0.1) }
    }

    private static func restored(_ line: String) -> Restored? {
        guard line.hasSuffix(" restored"), let task = line.firstMatch(of: /task=(\d+_\d+)/),
            let records = line.firstMatch(of: /records=(\d+)/).flatMap({ Int64($0.1) })
        else { return nil }
        return Restored(task: String(task.1), records: records)
    }
}
