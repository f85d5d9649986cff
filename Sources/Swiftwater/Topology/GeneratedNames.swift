/// The names that a builder has numbered, and those made of them: other operators would have given them other numbers.
struct GeneratedNames: Sendable {
    private var names: Set<String> = []

    mutating func insert(_ name: String) {
        names.insert(name)
    }

    /// Whether a name is a numbered one, or begins with one: `KSTREAM-JOINTHIS-0000000016-store`.
    func isGenerated(_ name: String) -> Bool {
        var prefix = ""
        for part in name.split(separator: "-", omittingEmptySubsequences: false) {
            prefix += prefix.isEmpty ? String(part) : "-\(part)"
            if part.count == 10, names.contains(prefix) { return true }
        }
        return false
    }
}
