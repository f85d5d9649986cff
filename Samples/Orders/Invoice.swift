import Swiftwater

/// An order with its price and its customer's address.
struct Invoice: Codable, Hashable, Sendable {
    var customer: String
    var city: String
    var product: String
    var cents: Int64

    init(_ priced: PricedOrder, for customer: Customer) {
        self.customer = customer.name
        city = customer.city
        product = priced.order.product
        cents = priced.cents
    }
}

extension Invoice: SerdeRepresentable {
    static let serde = Serde.json(Invoice.self)
}
