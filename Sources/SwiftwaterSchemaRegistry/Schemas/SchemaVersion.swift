/// Which version of a subject's schema is meant.
public enum SchemaVersion: Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// A version by its number, from 1 on.
    case number(Int)
    /// The version that was registered last.
    case latest

    /// A version by its number.
    public init(integerLiteral value: Int) {
        self = .number(value)
    }

    /// How it stands in a path.
    var path: String {
        switch self {
        case .number(let number): String(number)
        case .latest: "latest"
        }
    }
}
