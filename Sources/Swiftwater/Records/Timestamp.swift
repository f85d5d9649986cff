/// A point in time in milliseconds since 1970-01-01T00:00:00Z, as Kafka stores it.
///
/// Negative values are not valid event times; Kafka uses -1 for "unknown".
public struct Timestamp: RawRepresentable, Hashable, Comparable, Sendable {
    /// Milliseconds since the Unix epoch.
    public var rawValue: Int64

    /// Wraps a number of milliseconds since the Unix epoch.
    @inlinable
    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// Wraps a number of milliseconds since the Unix epoch.
    @inlinable
    public init(milliseconds: Int64) {
        self.rawValue = milliseconds
    }

    /// No time has been seen yet (-1).
    public static let unknown = Timestamp(rawValue: -1)

    /// Milliseconds since the Unix epoch.
    @inlinable
    public var milliseconds: Int64 { rawValue }

    /// Earlier by milliseconds.
    @inlinable
    public static func < (lhs: Timestamp, rhs: Timestamp) -> Bool {
        lhs.rawValue < rhs.rawValue
    }
}

extension Timestamp: ExpressibleByIntegerLiteral {
    /// Milliseconds since the Unix epoch, written as a number.
    public init(integerLiteral value: Int64) {
        self.init(rawValue: value)
    }
}

extension Timestamp: CustomStringConvertible {
    /// The milliseconds as decimal digits.
    public var description: String { String(rawValue) }
}

/// As a number of milliseconds.
extension Timestamp: Codable {}
