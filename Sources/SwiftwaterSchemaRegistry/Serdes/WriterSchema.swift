/// Which schema a serde writes with. What it reads names its own.
///
/// The registry is asked when the serde first writes to a topic; the answer holds as long as the serde.
public enum WriterSchema: Hashable, Sendable {
    /// This text, which is registered under the topic's subject if it is not there (`auto.register.schemas=true`).
    case registering(String, references: [SchemaReference] = [])
    /// This text, which is there already (`auto.register.schemas=false`).
    case registered(String, references: [SchemaReference] = [])
    /// The version of the topic's subject that was registered last (`use.latest.version=true`).
    case latest
    /// The schema of this number (`use.schema.id`).
    case id(Int32)

    /// The text, where it is known before the registry is asked.
    var text: String? {
        switch self {
        case .registering(let text, _), .registered(let text, _): text
        case .latest, .id: nil
        }
    }
}
