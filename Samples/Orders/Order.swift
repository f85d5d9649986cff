import Swiftwater

/// What a customer ordered; the number of the order is the record's key, its time the record's.
struct Order: Codable, Sendable {
    var number: String
    var customer: String
    var product: String
    var quantity: Int
}

extension Order: SerdeRepresentable {
    static let serde = Serde.json(Order.self)
}
