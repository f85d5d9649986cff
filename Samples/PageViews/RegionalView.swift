import Swiftwater

/// A view with what the table says about its user.
struct RegionalView: Codable, Sendable {
    var region: String
    var page: String
    var isTest: Bool
}

extension RegionalView: SerdeRepresentable {
    static let serde = Serde.json(RegionalView.self)
}
