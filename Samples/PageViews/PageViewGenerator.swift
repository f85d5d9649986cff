import SampleSupport
import Swiftwater

/// Users who register, move and leave, and then look at pages for an hour.
struct PageViewGenerator {
    private static let regions = ["africa", "america", "asia", "europe", "oceania"]
    /// The views begin when all is said about the users.
    private static let firstView: Int64 = 60_000
    private static let lastView: Int64 = 3_600_000

    private var random: SeededRandom
    private let userCount: Int

    init(seed: UInt64, users: Int) {
        random = SeededRandom(seed: seed)
        userCount = users
    }

    /// Rows in the order of their times; nil is a user who left.
    mutating func users() -> [Record<String, User?>] {
        var rows: [Record<String, User?>] = []
        for index in 0..<userCount {
            rows.append(row("user-\(index)", user()))
            // One in ten moves, one in fifty leaves.
            if index % 10 == 3 { rows.append(row("user-\(index)", user())) }
            if index % 50 == 7 { rows.append(row("user-\(index)", nil)) }
        }
        rows += Self.regions.map { row(Self.closingUser(of: $0), User(region: $0, isTester: false)) }
        for index in rows.indices {
            rows[index].timestamp = Timestamp(milliseconds: Int64(index) * 50_000 / Int64(rows.count))
        }
        return rows
    }

    private mutating func user() -> User {
        User(region: Self.regions[random.below(Self.regions.count)], isTester: random.below(20) == 0)
    }

    private func row(_ name: String, _ user: User?) -> Record<String, User?> {
        Record(key: name, value: user, timestamp: Timestamp(milliseconds: 0))
    }

    /// In the order in which they arrive, up to a minute after they happened; some users are in no table.
    mutating func views(_ count: Int) -> [Record<String, PageView>] {
        var arrivals: [(arrival: Int64, record: Record<String, PageView>)] = []
        for _ in 0..<count {
            let time = Int64.random(in: Self.firstView..<Self.lastView, using: &random)
            let delay = Int64(random.below(random.below(20) == 0 ? 60_000 : 1_000))
            let user = random.below(100) == 0 ? "nobody-\(random.below(10))" : "user-\(random.below(userCount))"
            let page = ["/", "/search", "/product", "/basket", "/pay"][random.below(5)]
            let view = PageView(page: page, millisecondsOnPage: random.below(60_000))
            arrivals.append(
                (time + delay, Record(key: user, value: view, timestamp: Timestamp(milliseconds: time))))
        }
        return arrivals.sorted { $0.arrival < $1.arrival }.map(\.record)
    }

    /// One view of each region, so late that every window of the others has closed: only records move time on.
    static func closingViews() -> [Record<String, PageView>] {
        let windows = PageViewsTopology.size + PageViewsTopology.grace
        let time = lastView + Int64(windows / .milliseconds(1))
        return regions.map { region in
            Record(
                key: closingUser(of: region), value: PageView(page: "/", millisecondsOnPage: 0),
                timestamp: Timestamp(milliseconds: time))
        }
    }

    private static func closingUser(of region: String) -> String { "closing-\(region)" }
}
