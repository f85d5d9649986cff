import Swiftwater

/// Orders in, invoices out: an order costs what its product cost when it was placed, and goes to where its customer lives now.
enum OrdersTopology {
    /// How far back prices are known.
    static let priceHistory = Duration.seconds(7200)

    static func build() throws -> Topology {
        let builder = StreamsBuilder()
        let prices = builder.table(
            "prices", key: .string, value: .int64, as: Materialized("prices", history: priceHistory))
        let customers = builder.table("customers", key: .string, value: Customer.serde)
        builder.stream("orders", key: .string, value: Order.serde)
            .selectKey { _, order in order.product }
            // A versioned table gives the price as of the order's time, however far it has been read.
            .join(prices, joined: Joined(named: "orders-by-product", key: .string)) { order, price in
                PricedOrder(order: order, cents: price * Int64(order.quantity))
            }
            .selectKey { _, priced in priced.order.number }
            .toTable(as: Materialized("priced-orders", key: .string), named: "priced-orders")
            // A change of a customer changes the invoices of all their orders.
            .join(customers, on: { $0.order.customer }, { Invoice($0, for: $1) })
            .toStream()
            .to("invoices", key: .string, value: .optional(Invoice.serde))
        return try builder.build()
    }
}
