/// A connected part of a topology: its tasks share nothing with those of other parts but topics.
package struct Subtopology: Sendable {
    package var id: Int
    /// In the order in which they were added: parents before children.
    package var nodes: [NodeDefinition] = []
    /// In topology order, which is the order in which caches are flushed (S-37).
    package var stores: [StoreDefinition] = []
    package var externalTopics: [String] = []
    /// Named without the application id.
    package var repartitionTopics: [String] = []

    /// Whether it has a source whose topics may become more.
    package var hasPattern: Bool { !patterns.isEmpty }

    /// The patterns of such sources.
    var patterns: [String] {
        nodes.compactMap { if case .patternSource(let pattern) = $0.kind { pattern.text } else { nil } }
    }

    package func sourceTopics(applicationID: String) -> [String] {
        (externalTopics + repartitionTopics.map { "\(applicationID)-\($0)" }).sorted()
    }
}
