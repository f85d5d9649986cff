import ArgumentParser
import SampleSupport
import Swiftwater
import SwiftwaterKafka

@main
struct OrdersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "Orders",
        abstract: "Make invoices of orders, prices that change and customers who move.",
        discussion: """
            Generates an hour of a shop: prices that change, customers who move, orders that arrive up to a minute late, and \
            one in a hundred that is broken. Each order is joined with the price as of its time and with the customer it names; \
            broken ones go to a dead-letter topic. At the end it compares the invoices and the dead letters with those of \
            a plain loop over the input.
            """
    )

    @OptionGroup var options: SampleOptions
    @Option(help: "How many orders to generate.") var orders = 3_000
    @Option(help: "How many customers there are.") var customers = 200

    func validate() throws {
        guard orders > 0, customers > 0 else { throw ValidationError("--orders and --customers must be at least 1.") }
    }

    func run() async throws {
        try await options.run("orders") { cluster, configuration in
            let shop = try Shop(seed: options.seed, orders: orders, customers: customers)
            try await Blocking.run { [partitions = options.partitions] in
                try cluster.createOwnTopics(
                    ["orders", "prices", "customers", "invoices", "broken-orders"], partitions: partitions)
                try cluster.load(shop.prices, into: "prices", key: .string, value: .int64)
                try cluster.load(shop.customers, into: "customers", key: .string, value: Customer.serde)
                var bar = ProgressBar("loading", total: shop.messages.count)
                try cluster.load(shop.messages, into: "orders") { bar.show($0) }
            }
            var configuration = configuration
            configuration.deserializationHandler = .logAndContinue
            configuration.deadLetterTopic = "broken-orders"
            let application = try StreamsApplication(OrdersTopology.build(), configuration: configuration)
            try await SampleRun.untilCaughtUp(application, on: cluster)
            let (invoices, letters) = try await Blocking.run {
                (
                    try cluster.records(of: "invoices", key: .string, value: .optional(Invoice.serde)),
                    try cluster.records(of: "broken-orders", key: .string, value: .bytes)
                )
            }
            try report(invoices, letters.map(\.value), shop)
        }
    }

    private func report(_ told: [Record<String, Invoice?>], _ letters: [[UInt8]], _ shop: Shop) throws {
        // Of an order whose customer moved, the last invoice counts.
        var invoices: [String: Invoice] = [:]
        for record in told { invoices[record.key] = record.value }
        try SampleCheck.equal(invoices, shop.invoices())
        try SampleCheck.equal(Self.counted(letters), Self.counted(shop.corrupt))
        print("   cents  city")
        let cities = Dictionary(invoices.values.map { ($0.city, $0.cents) }, uniquingKeysWith: +)
        for (city, cents) in cities.sorted(by: { $0.value > $1.value }) {
            let number = "\(cents)"
            print(String(repeating: " ", count: max(0, 8 - number.count)) + number + "  " + city)
        }
        print(
            "\(invoices.count) invoices for \(shop.messages.count) orders, \(letters.count) broken ones kept as they came; all as a plain loop makes them"
        )
    }

    private static func counted(_ messages: [[UInt8]]) -> [[UInt8]: Int] {
        Dictionary(messages.map { ($0, 1) }, uniquingKeysWith: +)
    }
}
