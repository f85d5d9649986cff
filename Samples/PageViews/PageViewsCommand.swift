import ArgumentParser
import SampleSupport
import Swiftwater
import SwiftwaterKafka

@main
struct PageViewsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "PageViews",
        abstract: "Count page views by the region of their users, in windows that overlap.",
        discussion: """
            Generates users and an hour of their page views, joins each view with the row of its user, counts the views of each \
            region in windows of ten minutes, a new one every five, and tells each count once, when its window has closed. At the \
            end it compares the counts with those of a plain loop over the input.
            """
    )

    @OptionGroup var options: SampleOptions
    @Option(help: "How many page views to generate.") var views = 10_000
    @Option(help: "How many users look at pages.") var users = 500

    func validate() throws {
        guard views > 0, users > 0 else { throw ValidationError("--views and --users must be at least 1.") }
    }

    func run() async throws {
        try await options.run("page-views") { cluster, configuration in
            var generator = PageViewGenerator(seed: options.seed, users: users)
            let rows = generator.users()
            let views = generator.views(views)
            try await Blocking.run { [partitions = options.partitions] in
                try cluster.createOwnTopics(["users", "page-views", "views-per-region"], partitions: partitions)
                try cluster.load(rows, into: "users", key: .string, value: .optional(User.serde))
                var bar = ProgressBar("loading", total: views.count)
                try cluster.load(views, into: "page-views", key: .string, value: PageView.serde) { bar.show($0) }
            }
            let application = try StreamsApplication(PageViewsTopology.build(), configuration: configuration)
            try await SampleRun.untilCaughtUp(application, on: cluster) { application in
                // Only now: a window that closes while another partition has views for it left would miss them.
                try await Blocking.run {
                    try cluster.load(
                        PageViewGenerator.closingViews(), into: "page-views", key: .string, value: PageView.serde)
                }
                try await SampleRun.waitUntilCaughtUp(application, on: cluster)
            }
            let counts = try await Blocking.run {
                try cluster.records(
                    of: "views-per-region", key: .timeWindowed(.string, size: PageViewsTopology.size),
                    value: .optional(.int64))
            }
            try report(counts, expected: ExpectedCounts.of(views, by: rows), of: views.count)
        }
    }

    private func report(
        _ told: [Record<Windowed<String>, Int64?>], expected: [Windowed<String>: Int64], of views: Int
    ) throws {
        var counts: [Windowed<String>: Int64] = [:]
        for record in told {
            guard counts.updateValue(record.value ?? 0, forKey: record.key) == nil else {
                throw SampleError("\(record.key) was told twice, though it was said to be final")
            }
        }
        try SampleCheck.equal(counts, expected)
        print("region     minutes   views")
        for (window, count) in counts.sorted(by: { ($0.value, $1.key.key) > ($1.value, $0.key.key) }).prefix(10) {
            let from = window.window.start.milliseconds / 60_000
            let minutes = "\(from)-\(window.window.end.milliseconds / 60_000)"
            let number = "\(count)"
            print(
                window.key + String(repeating: " ", count: max(1, 11 - window.key.count)) + minutes
                    + String(repeating: " ", count: max(1, 15 - minutes.count - number.count)) + number)
        }
        print("\(counts.count) windows of \(views) views, each told once and as a plain loop counts them")
    }
}
