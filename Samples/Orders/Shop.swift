import SampleSupport
import Swiftwater

/// What happened in a shop within an hour: prices change, customers move, orders come in, and some of them are broken.
struct Shop {
    var prices: [Record<String, Int64>] = []
    var customers: [Record<String, Customer>] = []
    var orders: [Record<String, Order>] = []
    /// As they are sent: most are orders, the others what a faulty client made of them.
    var messages: [RawRecord] = []
    /// The bytes of those that are no orders.
    var corrupt: [[UInt8]] = []

    private static let products = (0..<40).map { "product-\($0)" }
    private static let cities = ["Aarhus", "Bilbao", "Cork", "Dresden", "Esbjerg", "Faro"]
    private static let hour: Int64 = 3_600_000
    private var random: SeededRandom

    init(seed: UInt64, orders count: Int, customers customerCount: Int) throws {
        random = SeededRandom(seed: seed)
        makePrices()
        makeCustomers(customerCount)
        try makeOrders(count, customers: customerCount)
    }

    /// Every product has a price at the beginning, and a new one about every five minutes; in the order of their times.
    private mutating func makePrices() {
        for product in Self.products {
            var times = [Int64(0)]
            // Whole seconds; orders have none, so that no order is placed at the moment a price changes.
            for _ in 0..<12 { times.append(Int64(1 + random.below(3_599)) * 1000) }
            for time in Set(times).sorted() { prices.append(record(product, Int64(100 + random.below(9_900)), time)) }
        }
        prices.sort { $0.timestamp < $1.timestamp }
    }

    /// One in four moves within the hour.
    private mutating func makeCustomers(_ count: Int) {
        for index in 0..<count {
            customers.append(record("\(index)", customer(index), 0))
            if random.below(4) == 0 {
                customers.append(record("\(index)", customer(index), Int64(random.below(3_600)) * 1000))
            }
        }
        customers.sort { $0.timestamp < $1.timestamp }
    }

    private mutating func customer(_ index: Int) -> Customer {
        Customer(name: "customer \(index)", city: Self.cities[random.below(Self.cities.count)])
    }

    /// In the order in which they arrive, up to a minute after they were placed; some customers do not exist.
    private mutating func makeOrders(_ count: Int, customers: Int) throws {
        var arrivals: [(arrival: Int64, record: Record<String, Order>)] = []
        for index in 0..<count {
            let time = Int64(random.below(3_600)) * 1000 + 1 + Int64(random.below(999))
            let order = Order(
                number: "order-\(index)",
                customer: "\(random.below(customers + max(1, customers / 20)))",
                product: Self.products[random.below(Self.products.count)],
                quantity: 1 + random.below(9))
            arrivals.append((time + Int64(random.below(60_000)), record(order.number, order, time)))
        }
        for order in arrivals.sorted(by: { $0.arrival < $1.arrival }).map(\.record) {
            guard var bytes = try Order.serde.serialize(order.value) else { continue }
            if random.below(100) == 0 {
                // Cut off somewhere: never a whole JSON object.
                bytes.removeLast(1 + random.below(bytes.count - 1))
                corrupt.append(bytes)
            } else {
                orders.append(order)
            }
            messages.append(
                RawRecord(key: Array(order.key.utf8), value: bytes, timestamp: order.timestamp.milliseconds))
        }
    }

    private func record<Value>(_ key: String, _ value: Value, _ time: Int64) -> Record<String, Value> {
        Record(key: key, value: value, timestamp: Timestamp(milliseconds: time))
    }

    /// The invoices that must come of all this, computed with dictionaries and a loop.
    func invoices() -> [String: Invoice] {
        let prices = Dictionary(grouping: prices, by: \.key)
        let customers = Dictionary(customers.map { ($0.key, $0.value) }) { _, last in last }
        var invoices: [String: Invoice] = [:]
        for order in orders {
            guard let customer = customers[order.value.customer],
                let price = prices[order.value.product]?.last(where: { $0.timestamp <= order.timestamp })
            else { continue }
            let priced = PricedOrder(order: order.value, cents: price.value * Int64(order.value.quantity))
            invoices[order.key] = Invoice(priced, for: customer)
        }
        return invoices
    }
}
