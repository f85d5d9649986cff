/// What a run that fed the numbers from 0 up to a count must have made of them.
struct Model {
    let count: Int64
    let firstTime: Int64
    let spacing: Int64

    private(set) var pairs: Set<Int64> = []
    private(set) var counts: [String: Int64] = [:]
    /// Every value a sum had, in order; nil is a deletion.
    private(set) var sums: [String: [Int64?]] = [:]
    private(set) var windows: [WindowKey: Int64] = [:]
    private(set) var large: [String: [UInt8]] = [:]

    struct WindowKey: Hashable {
        var group: String
        var start: Int64
    }

    init(_ feed: FeedOutcome) {
        count = feed.count
        firstTime = feed.firstTime
        spacing = feed.spacing
        let size = Int64(ReferenceTopology.windowSize / .milliseconds(1))
        for number in 0..<feed.count {
            let group = Event.group(of: number)
            if Event.isAnswered(number) { pairs.insert(number) }
            counts[group, default: 0] += 1
            let sum = sums[group]?.last.flatMap { $0 }.map { Event.sum($0, number) } ?? number
            sums[group, default: []].append(sum)
            let time = feed.time(of: number)
            windows[WindowKey(group: group, start: time - time % size), default: 0] += 1
            if Event.isLarge(number) {
                let key = Event.longKey(of: number)
                large[key] = Event.large(large[key] ?? [], number)
            }
        }
    }
}
