/// Bytes of a version that a serde of ``SerdeVersions`` does not read.
///
/// A record with such bytes goes to the deserialisation handler as every unreadable one, with its bytes as they are: a dead-letter
/// topic keeps it until an application that knows the version reads it.
public struct SerdeVersionError: Error, Sendable, Hashable {
    /// Why the bytes are not read.
    public enum Reason: Sendable, Hashable {
        /// A later application wrote them.
        case newer
        /// The application has dropped what read them.
        case retired
    }

    /// Why the bytes are not read.
    public var reason: Reason
    /// The version of the bytes.
    public var found: UInt64
    /// The versions that are read.
    public var readable: ClosedRange<Int>
    /// The name of the type that was to be read.
    public var type: String

    /// Creates an error, for tests of handlers.
    public init(_ reason: Reason, found: UInt64, readable: ClosedRange<Int>, type: String) {
        self.reason = reason
        self.found = found
        self.readable = readable
        self.type = type
    }
}

extension SerdeVersionError: CustomStringConvertible {
    /// What was found, what is read, and what to do.
    public var description: String {
        let known = "\(type) is read in the versions \(readable.lowerBound) to \(readable.upperBound)"
        switch reason {
        case .newer:
            return "version \(found) is newer: \(known); update this application before those that write"
        case .retired:
            return
                "version \(found) is no longer read: \(known); keep its step, or rewrite the data with a version that has it"
        }
    }
}
