import Swiftwater

/// That a user looked at a page; the user is the record's key.
struct PageView: Codable, Sendable {
    var page: String
    var millisecondsOnPage: Int
}

extension PageView: SerdeRepresentable {
    static let serde = Serde.json(PageView.self)
}
