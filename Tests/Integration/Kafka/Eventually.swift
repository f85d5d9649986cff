/// Asks until the condition holds: for what has no event, such as the state of a group.
func eventually(
    _ what: String, limit: Duration = .seconds(60), _ condition: () async throws -> Bool
) async throws {
    try await eventualValue(what, limit: limit) { try await condition() ? () : nil }
}

/// Asks until there is a value.
@discardableResult
func eventualValue<Value>(
    _ what: String, limit: Duration = .seconds(60), _ value: () async throws -> Value?
) async throws -> Value {
    let deadline = ContinuousClock.now + limit
    while true {
        if let value = try await value() { return value }
        guard ContinuousClock.now < deadline else { throw ChildError("not within \(limit): \(what)") }
        try await Task.sleep(for: .milliseconds(20))
    }
}
