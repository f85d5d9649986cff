import Swiftwater

/// A user as the table knows them; the user's name is the record's key.
struct User: Codable, Sendable {
    var region: String
    var isTester: Bool
}

extension User: SerdeRepresentable {
    static let serde = Serde.json(User.self)
}
