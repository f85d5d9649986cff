/// What a schema registry answered instead of what it was asked for, or why it did not answer.
public struct SchemaRegistryError: Error, Hashable, Sendable {
    /// The number of an error, as the registry's interface documents it; registries may have more.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The number: the HTTP status, followed by two digits where there are several errors with that status.
        public var rawValue: Int

        /// An error by its number.
        public init(rawValue: Int) {
            self.rawValue = rawValue
        }

        /// The credentials are missing or wrong.
        public static let unauthorized = Code(rawValue: 401)
        /// The credentials do not allow it.
        public static let forbidden = Code(rawValue: 403)
        /// There is no such subject.
        public static let subjectNotFound = Code(rawValue: 40401)
        /// The subject has no such version.
        public static let versionNotFound = Code(rawValue: 40402)
        /// There is no such schema.
        public static let schemaNotFound = Code(rawValue: 40403)
        /// The subject was deleted, but not for good.
        public static let subjectSoftDeleted = Code(rawValue: 40404)
        /// The version was deleted, but not for good.
        public static let versionSoftDeleted = Code(rawValue: 40406)
        /// The schema is not compatible with those before it.
        public static let incompatibleSchema = Code(rawValue: 409)
        /// The text is no schema of its type.
        public static let invalidSchema = Code(rawValue: 42201)
        /// The version is not a number from 1 on.
        public static let invalidVersion = Code(rawValue: 42202)
        /// There is no such level of compatibility.
        public static let invalidCompatibilityLevel = Code(rawValue: 42203)
        /// The subject may not be written to.
        public static let operationNotPermitted = Code(rawValue: 42205)
        /// Too many requests.
        public static let tooManyRequests = Code(rawValue: 429)
        /// The registry cannot read or write its own topic.
        public static let storeFailure = Code(rawValue: 50001)
        /// The registry took too long.
        public static let operationTimeout = Code(rawValue: 50002)
        /// The registry could not pass the request on to its primary.
        public static let forwardingFailure = Code(rawValue: 50003)
    }

    /// What happened.
    public enum Reason: Hashable, Sendable {
        /// The registry refused, with this HTTP status and this error.
        case refused(status: Int, Code)
        /// No connection, or one that broke.
        case unreachable
        /// No answer within the time.
        case timeout
        /// An answer that is not a registry's: other JSON, no JSON, or too much of it.
        case invalidAnswer
    }

    /// What happened.
    public var reason: Reason
    /// What the registry or the connection said.
    public var message: String
    /// What was asked of whom, such as `GET http://registry:8081/schemas/ids/7`.
    public var request: String

    /// Creates an error, for tests of handlers.
    public init(_ reason: Reason, _ message: String, request: String) {
        self.reason = reason
        self.message = message
        self.request = request
    }

    /// The registry's error, where it answered with one.
    public var code: Code? {
        if case .refused(_, let code) = reason { code } else { nil }
    }

    /// Whether the registry itself says that what was asked for does not exist.
    ///
    /// A bare status 404 does not count: a wrong URL or a proxy gives the same.
    public var isNotFound: Bool {
        code.map { $0.rawValue / 100 == 404 } ?? false
    }

    /// Whether another attempt, or another registry of the cluster, may do better.
    var isTransient: Bool {
        switch reason {
        case .refused(let status, _): status >= 500 || status == 429 || status == 408
        case .unreachable, .timeout, .invalidAnswer: true
        }
    }
}

extension SchemaRegistryError: CustomStringConvertible {
    /// What was asked, and what came of it.
    public var description: String {
        switch reason {
        case .refused(_, let code): "\(request): error \(code.rawValue): \(message)"
        case .unreachable: "\(request): not reachable: \(message)"
        case .timeout: "\(request): no answer in time: \(message)"
        case .invalidAnswer: "\(request): not an answer of a schema registry: \(message)"
        }
    }
}
