/// Which topics a source reads whose names are not known when the topology is written.
package struct TopicPattern: Sendable, Hashable {
    /// A regular expression that a topic's whole name must match.
    package let text: String

    init(_ text: String) throws {
        do {
            _ = try Regex(text)
        } catch {
            throw StreamsError(.invalidTopology, "«\(text)» is no regular expression", cause: error)
        }
        self.text = text
    }

    package func matching(_ topics: some Sequence<String>) throws -> [String] {
        let expression = try Regex(text)
        return try topics.filter { try expression.wholeMatch(in: $0) != nil }.sorted()
    }
}
