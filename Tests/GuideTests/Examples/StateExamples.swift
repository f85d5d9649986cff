import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct StateExamples {
    @Test func `a store with settings`() throws {
        let builder = StreamsBuilder()
        let totals = builder.stream("payments", key: .string, value: .int64)
            .groupByKey()
            .reduce(as: Materialized("totals", cached: false, changelogSettings: ["segment.bytes": "1048576"])) {
                $0 + $1
            }
        #expect(totals.queryableStoreName == "totals")
        try withTopologyTestDriver(try builder.build()) { driver in
            let payments = try driver.inputTopic("payments", key: .string, value: .int64)
            try payments.pipe("ann", 3, timestamp: 0)
            try payments.pipe("ann", 4, timestamp: 1)
            #expect(try driver.keyValueStore("totals", key: .string, value: .int64).value(of: "ann") == 7)
        }
    }

    @Test func `a store of one's own`() throws {
        let builder = StreamsBuilder()
        let last = builder.addStateStore(.keyValue("last", key: .string, value: .string))
        let changes = builder.stream("readings", key: .string, value: .string)
            .processValues(stores: [last]) { (context: FixedKeyProcessorContext<String, String>) in
                let last = try context.store(last)
                return { reading in
                    guard try last.value(of: reading.key) != reading.value else { return }
                    try last.set(reading.value, of: reading.key)
                    try context.forward(reading)
                }
            }
        changes.to("changes", key: .string, value: .string)
        try withTopologyTestDriver(try builder.build()) { driver in
            let readings = try driver.inputTopic("readings", key: .string, value: .string)
            for (time, value) in ["on", "on", "off"].enumerated() {
                try readings.pipe("lamp", value, timestamp: Timestamp(milliseconds: Int64(time)))
            }
            let out = try driver.outputTopic("changes", key: .string, value: .string)
            #expect(try out.readValues() == ["on", "off"])
            let store = try #require(driver.storeMetrics["last"])
            #expect(store[.get].total == 3)
            #expect(store[.put].total == 2)
        }
    }

    @Test func `a global store in a processor`() throws {
        let builder = StreamsBuilder()
        let rates = builder.globalTable("rates", key: .string, value: .int64, as: "rates").queryableStore
        let priced = builder.stream("orders", key: .string, value: .string)
            .processValues { (context: FixedKeyProcessorContext<String, Int64>) in
                let rates = try context.globalStore(rates)
                return { order in
                    guard let rate = try rates.value(of: order.value) else { return }
                    try context.forward(order.with(value: rate))
                }
            }
        priced.to("priced", key: .string, value: .int64)
        try withTopologyTestDriver(try builder.build()) { driver in
            try driver.inputTopic("rates", key: .string, value: .int64).pipe("tea", 3)
            try driver.inputTopic("orders", key: .string, value: .string).pipe([("ann", "tea"), ("bob", "milk")])
            let out = try driver.outputTopic("priced", key: .string, value: .int64)
            #expect(try out.readKeyValuesToMap() == ["ann": 3])
        }
    }
}
