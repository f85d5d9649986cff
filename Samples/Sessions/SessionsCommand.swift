import ArgumentParser
import SampleSupport
import Swiftwater
import SwiftwaterKafka

@main
struct SessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "Sessions",
        abstract: "Group the clicks of users into sessions, and keep what comes too late.",
        discussion: """
            Generates an hour of clicks, of which some arrive minutes late, counts the clicks of each session, tells a session once \
            when it is over, and sends late clicks to a topic of their own. At the end it checks that no click was lost: each \
            is in a session or among the late ones.
            """
    )

    @OptionGroup var options: SampleOptions
    @Option(help: "How many clicks to generate.") var clicks = 20_000
    @Option(help: "How many users click.") var users = 100

    func validate() throws {
        guard clicks > 0, users > 0 else { throw ValidationError("--clicks and --users must be at least 1.") }
    }

    func run() async throws {
        try await options.run("sessions") { cluster, configuration in
            var generator = ClickGenerator(seed: options.seed, users: users)
            let clicks = generator.clicks(clicks)
            let closing = ClickGenerator.closing(partitions: options.partitions)
            try await Blocking.run { [partitions = options.partitions] in
                try cluster.createOwnTopics(["clicks", "sessions", "late-clicks"], partitions: partitions)
                var bar = ProgressBar("loading", total: clicks.count)
                try cluster.load(clicks, into: "clicks", key: .string, value: .string) { bar.show($0) }
                try cluster.load(closing, into: "clicks", key: .string, value: .string)
            }
            let application = try StreamsApplication(SessionsTopology.build(), configuration: configuration)
            try await SampleRun.untilCaughtUp(application, on: cluster)
            let (sessions, late) = try await Blocking.run {
                (
                    try cluster.records(of: "sessions", key: .string, value: .optional(.int64)),
                    try cluster.records(of: "late-clicks", key: .string, value: .string)
                )
            }
            try report(
                sessions.compactMap { record in record.value.map { (record.key, $0) } }, late.count, clicks.count)
        }
    }

    private func report(_ sessions: [(user: String, clicks: Int64)], _ late: Int, _ sent: Int) throws {
        let longest = sessions.sorted { ($1.clicks, $0.user) < ($0.clicks, $1.user) }.prefix(10)
        print("clicks  user")
        for session in longest {
            let count = "\(session.clicks)"
            print(String(repeating: " ", count: max(0, 6 - count.count)) + count + "  " + session.user)
        }
        let counted = sessions.reduce(0) { $0 + Int($1.clicks) }
        print("\(sessions.count) sessions with \(counted) clicks, \(late) clicks too late, of \(sent)")
        guard counted + late == sent else {
            throw SampleError("\(sent - counted - late) clicks are in no session and not among the late ones")
        }
    }
}
