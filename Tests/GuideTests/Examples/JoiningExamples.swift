import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct JoiningExamples {
    private func output(
        _ builder: StreamsBuilder,
        _ records: [(topic: String, key: String, value: String, timestamp: Timestamp)]
    ) throws -> [String] {
        try withTopologyTestDriver(try builder.build()) { driver in
            for record in records {
                try driver.inputTopic(record.topic, key: .string, value: .string)
                    .pipe(record.key, record.value, timestamp: record.timestamp)
            }
            return try driver.outputTopic("out", key: .string, value: .string).readValues()
        }
    }

    @Test func `streams within a window`() throws {
        let builder = StreamsBuilder()
        let orders = builder.stream("orders", key: .string, value: .string)
        let payments = builder.stream("payments", key: .string, value: .string)
        let paid = orders.join(payments, .within(.seconds(600), grace: .seconds(60))) { order, payment in
            "\(order) paid by \(payment)"
        }
        paid.to("out", key: .string, value: .string)
        #expect(
            try output(
                builder, [("orders", "1", "tea", 0), ("payments", "1", "card", 600_000), ("payments", "2", "cash", 0)])
                == ["tea paid by card"])
    }

    @Test func `unmatched records`() throws {
        let builder = StreamsBuilder()
        let orders = builder.stream("orders", key: .string, value: .string)
        let payments = builder.stream("payments", key: .string, value: .string)
        let unpaid = orders.leftJoin(payments, .within(.seconds(600))) { order, payment in
            payment.map { "\(order) paid by \($0)" } ?? "\(order) not paid"
        }
        unpaid.to("out", key: .string, value: .string)
        #expect(
            try output(builder, [("orders", "1", "tea", 0), ("payments", "2", "card", 600_001)]) == ["tea not paid"])
    }

    @Test func `enrich a stream`() throws {
        let builder = StreamsBuilder()
        let views = builder.stream("views", key: .string, value: .string)
        let regions = builder.table("regions", key: .string, value: .string)
        let located = views.join(regions) { view, region in "\(view) from \(region)" }
        located.to("out", key: .string, value: .string)
        #expect(
            try output(
                builder, [("views", "ann", "/", 0), ("regions", "ann", "north", 1), ("views", "ann", "/a", 2)])
                == ["/a from north"])
    }

    @Test func `the row of the record's time`() throws {
        let builder = StreamsBuilder()
        let sales = builder.stream("sales", key: .string, value: .string)
        let prices = builder.table(
            "prices", key: .string, value: .int64,
            as: Materialized("prices", history: .seconds(86_400)))
        let priced = sales.join(prices) { sale, price in "\(sale) at \(price)" }
        priced.to("out", key: .string, value: .string)
        try withTopologyTestDriver(try builder.build()) { driver in
            let prices = try driver.inputTopic("prices", key: .string, value: .int64)
            try prices.pipe("tea", 3, timestamp: 0)
            try prices.pipe("tea", 4, timestamp: 10_000)
            try driver.inputTopic("sales", key: .string, value: .string).pipe("tea", "early", timestamp: 5_000)
            let out = try driver.outputTopic("out", key: .string, value: .string)
            #expect(try out.readValues() == ["early at 3"])
        }
    }

    @Test func `tables`() throws {
        let builder = StreamsBuilder()
        let accounts = builder.table("accounts", key: .string, value: .string)
        let addresses = builder.table("addresses", key: .string, value: .string)
        let profiles = accounts.join(addresses) { account, address in "\(account), \(address)" }
        profiles.toStream().to("out", key: .string, value: .string)
        #expect(
            try output(
                builder, [("accounts", "1", "Ann", 0), ("addresses", "1", "Oslo", 0), ("addresses", "1", "Rome", 0)])
                == ["Ann, Oslo", "Ann, Rome"])
    }

    private struct Order: Codable, SerdeRepresentable {
        var item: String
        var customer: String
    }

    @Test func `tables by foreign key`() throws {
        let builder = StreamsBuilder()
        let orders = builder.table("orders", key: .string, value: Order.serde)
        let customers = builder.table("customers", key: .string, value: .string)
        let described = orders.join(customers, on: { order in order.customer }) { order, customer in
            "\(order.item) for \(customer)"
        }
        described.toStream().to("out", key: .string, value: .string)
        try withTopologyTestDriver(try builder.build()) { driver in
            let customers = try driver.inputTopic("customers", key: .string, value: .string)
            try customers.pipe("c7", "Ann", timestamp: 0)
            try driver.inputTopic("orders", key: .string, value: Order.serde)
                .pipe("1", Order(item: "tea", customer: "c7"), timestamp: 1)
            try customers.pipe("c7", "Anna", timestamp: 2)
            let out = try driver.outputTopic("out", key: .string, value: .string)
            #expect(try out.readValues() == ["tea for Ann", "tea for Anna"])
        }
    }
}
