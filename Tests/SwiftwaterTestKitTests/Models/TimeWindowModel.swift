import Swiftwater

/// Windows that a record's time decides, each looked at for each record; "x" deletes the aggregate, nil adds a dash.
struct TimeWindowModel {
    /// The windows that a time belongs to, the earliest start first.
    let windows: (_ time: Int64) -> [(start: Int64, end: Int64)]
    let grace: Int64
    let isCached: Bool
    /// How long behind the latest start that it has seen the store shows a window; nil is for ever.
    let retention: Int64?
    private(set) var late = 0
    private var streamTime: Int64 = -1
    private var latestStart: Int64 = -1
    private var kept: [String: [Int64: (value: String, time: Int64, end: Int64)]] = [:]
    private var toldUntil: Int64 = -1

    init(
        grace: Int64,
        isCached: Bool = false,
        retention: Int64? = nil,
        windows: @escaping (_ time: Int64) -> [(start: Int64, end: Int64)]
    ) {
        self.windows = windows
        self.grace = grace
        self.isCached = isCached
        self.retention = retention
    }

    /// Tumbling and hopping windows.
    init(size: Int64, advance: Int64, grace: Int64, isCached: Bool = false, retention: Int64? = nil) {
        self.init(grace: grace, isCached: isCached, retention: retention) { time in
            stride(from: 0, through: time, by: Int(advance)).filter { time < $0 + size }.map { ($0, $0 + size) }
        }
    }

    /// Forgets how far time had come, or goes on from there.
    mutating func restart(at time: Int64 = -1) { streamTime = time }

    mutating func process(_ input: RuleRun.Input) -> [WindowedUpdate] {
        process(input) { old in input.value == "x" ? nil : (old ?? "") + (input.value ?? "-") }
    }

    mutating func process(_ input: RuleRun.Input, _ fold: (String?) -> String?) -> [WindowedUpdate] {
        guard let key = input.key else { return [] }
        let time = input.time.rawValue
        streamTime = max(streamTime, time)
        var updates: [WindowedUpdate] = []
        for (start, end) in windows(time) {
            if end <= streamTime - grace {
                late += 1
                continue
            }
            let isShown = retention.map { latestStart < $0 || start > latestStart - $0 } ?? true
            let old = isShown ? kept[key]?[start] : nil
            let new = fold(old?.value)
            latestStart = max(latestStart, start)
            var latest = max(time, old?.time ?? time)
            kept[key, default: [:]][start] = new.map { ($0, latest, end) }
            if isCached, new == nil {
                // A cache tells a deletion as it keeps it, and not at all of what was never told.
                if old == nil { continue }
                latest = time
            }
            updates.append(WindowedUpdate(key: key, start: start, end: end, value: new, time: latest))
        }
        return updates
    }

    /// What has closed and was not told yet, by start and key.
    mutating func takeClosed() -> [WindowedUpdate] {
        var closed: [WindowedUpdate] = []
        let closeTime = streamTime - grace
        for (key, windows) in kept {
            for (start, entry) in windows where entry.end > toldUntil && entry.end <= closeTime {
                closed.append(
                    WindowedUpdate(key: key, start: start, end: entry.end, value: entry.value, time: entry.time))
            }
        }
        toldUntil = max(toldUntil, closeTime)
        return closed.sorted { ($0.start, $0.key) < ($1.start, $1.key) }
    }
}
