/// Whether a schema may follow those of a subject.
public struct SchemaCompatibility: Hashable, Sendable {
    /// Whether the registry would accept it, by the rule that is configured for the subject.
    public var isCompatible: Bool
    /// What contradicts, as the registry says it; empty where nothing does, or where the registry does not tell.
    public var messages: [String]

    /// Creates a result, for tests.
    public init(isCompatible: Bool, messages: [String] = []) {
        self.isCompatible = isCompatible
        self.messages = messages
    }
}
