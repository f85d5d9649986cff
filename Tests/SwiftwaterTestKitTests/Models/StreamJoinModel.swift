import Swiftwater

/// A join of the topics "left" and "right": each record is compared with all that came before it.
struct StreamJoinModel {
    struct Settings: CustomStringConvertible {
        var isLeftOuter: Bool
        var isRightOuter: Bool
        var before: Int64
        var after: Int64
        var grace: Int64
        /// Whether results without a match wait until their windows have closed.
        var waits: Bool

        var description: String {
            "\(isRightOuter ? "outer" : isLeftOuter ? "left" : "inner") \(before)/\(after) grace \(grace)\(waits ? "" : " at once")"
        }
    }

    private typealias Kept = (isLeft: Bool, key: String, value: String, time: Int64)

    let settings: Settings
    private var streamTime: Int64 = -1
    private var kept: [Kept] = []
    private var waiting: [Kept] = []

    init(_ settings: Settings) {
        self.settings = settings
    }

    /// Forgets how far time had come.
    mutating func restart() { streamTime = -1 }

    mutating func process(_ input: RuleRun.Input) -> [String] {
        let isLeft = input.topic == "left"
        let isOuter = isLeft ? settings.isLeftOuter : settings.isRightOuter
        let time = input.time.rawValue
        streamTime = max(streamTime, time)
        guard let value = input.value else { return [] }
        guard let key = input.key else { return isOuter ? ["null=\(alone(isLeft, value))@\(time)"] : [] }
        var told: [String] = []
        if time == streamTime, settings.isLeftOuter, settings.waits { told = takeClosed() }
        let matches = matches(isLeft, key, time)
        for match in matches {
            let pair = isLeft ? "\(value)+\(match.value)" : "\(match.value)+\(value)"
            told.append("\(key)=\(pair)@\(max(time, match.time))")
            waiting.removeAll { $0.isLeft != isLeft && $0.key == key && $0.time == match.time }
        }
        if matches.isEmpty, isOuter {
            if settings.waits, time + lookAhead(isLeft) >= streamTime {
                waiting.append((isLeft, key, value, time))
            } else {
                told.append("\(key)=\(alone(isLeft, value))@\(time)")
            }
        }
        kept.append((isLeft, key, value, time))
        return told
    }

    /// How much later than a record of a side its match may be.
    private func lookAhead(_ isLeft: Bool) -> Int64 { isLeft ? settings.after : settings.before }

    private func alone(_ isLeft: Bool, _ value: String) -> String { isLeft ? "\(value)+-" : "-+\(value)" }

    private func matches(_ isLeft: Bool, _ key: String, _ time: Int64) -> [Kept] {
        let others = kept.filter { $0.isLeft != isLeft }
        let latest = others.map(\.time).max() ?? -1
        let retention = settings.before + settings.after + settings.grace
        let found = others.filter { other in
            other.key == key && other.time >= time - lookAhead(!isLeft) && other.time <= time + lookAhead(isLeft)
                && (latest < retention || other.time > latest - retention)
        }
        // A stable sort: of one time in the order in which they came.
        return found.indices.sorted { (found[$0].time, $0) < (found[$1].time, $1) }.map { found[$0] }
    }

    /// The records that no match can come for any more, by time, the right side first, then by key.
    private mutating func takeClosed() -> [String] {
        func isClosed(_ record: Kept) -> Bool {
            record.time + lookAhead(record.isLeft) + settings.grace < streamTime
        }
        let closed = waiting.filter(isClosed)
        waiting = waiting.filter { !isClosed($0) }
        let order = closed.indices.sorted { one, other in
            let (first, second) = (closed[one], closed[other])
            return (first.time, first.isLeft ? 1 : 0, first.key, one)
                < (second.time, second.isLeft ? 1 : 0, second.key, other)
        }
        return order.map { "\(closed[$0].key)=\(alone(closed[$0].isLeft, closed[$0].value))@\(closed[$0].time)" }
    }
}
