import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct KafkaStreamsExamples {
    private struct Order: Codable, SerdeRepresentable {
        var customer: String
        var amount: Int64
    }

    @Test func `revenue per hour`() throws {
        let builder = StreamsBuilder()
        builder.stream("orders", key: .string, value: Order.serde)
            .filter { _, order in order.amount > 0 }
            .groupBy(key: .string) { _, order in order.customer }
            .windowedBy(.tumbling(.seconds(3_600), grace: .seconds(300)))
            .aggregate(Int64(0), as: "revenue") { _, order, sum in sum + order.amount }
            .suppress(.untilWindowCloses())
            .toStream { window, _ in window.key }
            .to("revenue-per-hour", key: .string, value: .optional(.int64))
        let topology = try builder.build()
        try withTopologyTestDriver(topology) { driver in
            let orders = try driver.inputTopic("orders", key: .string, value: Order.serde)
            try orders.pipe("1", Order(customer: "ann", amount: 3), timestamp: 0)
            try orders.pipe("2", Order(customer: "ann", amount: 0), timestamp: 1)
            try orders.pipe("3", Order(customer: "ann", amount: 4), timestamp: 3_599_999)
            try orders.pipe("4", Order(customer: "bob", amount: 1), timestamp: 3_900_000)
            let revenue = try driver.outputTopic("revenue-per-hour", key: .string, value: .optional(.int64))
            #expect(try revenue.readKeyValuesToMap() == ["ann": 7])
        }
    }
}
