/// Asks until the condition holds: for what has no event, such as the state of a group.
func eventually(
    _ what: String, limit: Duration = .seconds(60), _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw ChildError("not within \(limit): \(what)") }
        try await Task.sleep(for: .milliseconds(20))
    }
}
