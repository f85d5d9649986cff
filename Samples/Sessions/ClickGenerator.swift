import SampleSupport
import Swiftwater

/// Clicks of many users over an hour, some of which come too late: phones that were in a tunnel.
struct ClickGenerator {
    private var random: SeededRandom
    private let users: Int

    init(seed: UInt64, users: Int) {
        random = SeededRandom(seed: seed)
        self.users = users
    }

    /// In the order in which they arrive; at the end one click of each of `closing` users, an hour later, so that
    /// stream time passes the end of every session.
    mutating func clicks(_ count: Int) -> [Record<String, String>] {
        var arrivals: [(arrival: Int64, record: Record<String, String>)] = []
        for _ in 0..<count {
            let user = "user-\(random.below(users))"
            let time = Int64(random.below(3_600_000))
            // One in fifty is delayed, by up to five minutes.
            let delay = random.below(50) == 0 ? Int64(random.below(300_000)) : Int64(random.below(2_000))
            let page = ["/", "/search", "/product", "/basket", "/pay"][random.below(5)]
            arrivals.append(
                (time + delay, Record(key: user, value: page, timestamp: Timestamp(milliseconds: time))))
        }
        return arrivals.sorted { $0.arrival < $1.arrival }.map(\.record)
    }

    /// A click an hour and more later for every partition.
    static func closing(partitions: Int) -> [Record<String, String>] {
        // Among so many keys each partition has some.
        (0..<partitions * 20).map { index in
            Record(key: "closing-\(index)", value: "/", timestamp: Timestamp(milliseconds: 8_000_000))
        }
    }
}
