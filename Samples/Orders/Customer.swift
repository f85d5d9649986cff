import Swiftwater

/// Where a customer lives; their number is the record's key.
struct Customer: Codable, Sendable {
    var name: String
    var city: String
}

extension Customer: SerdeRepresentable {
    static let serde = Serde.json(Customer.self)
}
