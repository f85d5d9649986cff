import Swiftwater

/// An order with what it costs.
struct PricedOrder: Codable, Sendable {
    var order: Order
    var cents: Int64
}

extension PricedOrder: SerdeRepresentable {
    static let serde = Serde.json(PricedOrder.self)
}
