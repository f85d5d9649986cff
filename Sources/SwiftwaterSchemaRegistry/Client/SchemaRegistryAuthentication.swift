internal import Foundation

/// How requests to a schema registry prove who sends them.
public enum SchemaRegistryAuthentication: Sendable {
    /// A user and a password, or an API key and its secret.
    case basic(user: String, password: String)
    /// A token, such as one of OAuth.
    case bearer(token: String)

    /// The value of the `Authorization` header.
    var header: String {
        switch self {
        case .basic(let user, let password): "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
        case .bearer(let token): "Bearer \(token)"
        }
    }
}

extension SchemaRegistryAuthentication: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The kind and the user: secrets stay out of logs.
    public var description: String {
        switch self {
        case .basic(let user, _): "basic(\(user))"
        case .bearer: "bearer"
        }
    }

    /// The same as the description.
    public var debugDescription: String { description }

    /// Shows nothing of the secrets.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
