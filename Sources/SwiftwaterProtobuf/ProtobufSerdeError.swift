internal import SwiftProtobuf

/// Bytes that are not the message that was to be read, or a message that cannot be written.
///
/// It goes to the application's handler with the record, as what any serde throws.
public struct ProtobufSerdeError: Error, Sendable, Hashable {
    /// What is wrong; more reasons may be added.
    public struct Reason: RawRepresentable, Sendable, Hashable {
        /// The name as it stands in logs.
        public var rawValue: String

        /// Names a reason.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The bytes are no message, or one of another type.
        public static let malformed = Reason(rawValue: "malformed")
        /// The bytes end within a field.
        public static let truncated = Reason(rawValue: "truncated")
        /// A text is not UTF-8.
        public static let invalidUTF8 = Reason(rawValue: "invalidUTF8")
        /// A required field (proto2) is not set; a message of 2 GiB or more is refused with this reason too.
        public static let missingRequiredFields = Reason(rawValue: "missingRequiredFields")
        /// Messages within messages, more than 100 deep.
        public static let tooDeep = Reason(rawValue: "tooDeep")
    }

    /// Whether a message was read or written.
    public enum Direction: Sendable, Hashable {
        /// Bytes were read.
        case reading
        /// A message was written.
        case writing
    }

    /// What is wrong.
    public var reason: Reason
    /// Whether a message was read or written.
    public var direction: Direction
    /// The full name of the message, such as `shop.v1.Order`.
    public var messageName: String

    /// Creates an error, for tests of handlers.
    public init(_ reason: Reason, _ direction: Direction, messageName: String) {
        self.reason = reason
        self.direction = direction
        self.messageName = messageName
    }

    init(reading messageName: String, _ error: any Error) {
        let reason: Reason =
            switch error as? BinaryDecodingError {
            case .truncated: .truncated
            case .invalidUTF8: .invalidUTF8
            case .missingRequiredFields: .missingRequiredFields
            case .messageDepthLimit: .tooDeep
            case .trailingGarbage, .malformedProtobuf, .internalExtensionError, nil: .malformed
            }
        self.init(reason, .reading, messageName: messageName)
    }

    init(writing messageName: String, _ error: any Error) {
        let isIncomplete = (error as? BinaryEncodingError) == .missingRequiredFields
        self.init(isIncomplete ? .missingRequiredFields : .malformed, .writing, messageName: messageName)
    }
}

extension ProtobufSerdeError: CustomStringConvertible {
    /// What was read or written, and what is wrong with it.
    public var description: String {
        switch direction {
        case .reading:
            "the bytes cannot be read as \(messageName): \(explanation); check that the topic's writers use this message"
        case .writing:
            "the \(messageName) cannot be written: \(explanation)"
        }
    }

    private var explanation: String {
        switch reason {
        case .malformed: "malformed"
        case .truncated: "it ends within a field"
        case .invalidUTF8: "a text is not UTF-8"
        case .missingRequiredFields: "a required field is not set"
        case .tooDeep: "messages are nested more than 100 deep"
        default: reason.rawValue
        }
    }
}
