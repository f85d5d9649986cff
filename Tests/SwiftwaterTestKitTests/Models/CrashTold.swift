/// What is told through commits and crashes: of each record in the end, and of each key by each commit.
///
/// What was told since the last commit before a crash is taken back; its records come again.
struct CrashTold {
    /// A row of the table that all that was told makes.
    struct Row: Equatable, CustomStringConvertible {
        var value: String
        var time: String

        var description: String { "\(value)@\(time)" }
    }

    /// By record.
    private(set) var steps: [[String]]
    /// By commit: the last value of each key; a deleted key is none.
    private(set) var tables: [[String: Row]] = []
    private var table: [String: Row] = [:]
    private var uncommitted: [String] = []

    init(records: Int) {
        steps = Array(repeating: [], count: records)
    }

    mutating func record(_ index: Int, _ told: [String]) {
        steps[index] = told
        uncommitted += told
    }

    /// - Parameter flushed: what was told by the commit itself.
    mutating func commit(_ flushed: [String] = []) {
        for text in uncommitted + flushed {
            let (key, row) = Self.parts(text)
            table[key] = row
        }
        uncommitted = []
        tables.append(table)
    }

    mutating func crash() {
        uncommitted = []
    }

    /// Takes `key=value@time` apart.
    private static func parts(_ text: String) -> (String, Row?) {
        let key = text.prefix { $0 != "=" }
        let rest = text.dropFirst(key.count + 1)
        let time = rest.lastIndex(of: "@") ?? rest.endIndex
        let value = rest[..<time]
        return (String(key), value == "null" ? nil : Row(value: String(value), time: String(rest[time...].dropFirst())))
    }
}
