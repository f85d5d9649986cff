import Swiftwater

/// Sessions as a list that each record is compared with; nil adds a dash.
struct SessionModel {
    let gap: Int64
    let grace: Int64
    /// How long behind the latest end that it has seen the store shows a session.
    let retention: Int64
    let isCached: Bool
    private(set) var late = 0
    private var streamTime: Int64 = -1
    private var latestEnd: Int64 = -1
    private var sessions: [WindowedUpdate] = []
    private var toldUntil: Int64 = .min

    init(gap: Int64, grace: Int64, retention: Int64, isCached: Bool = false) {
        self.gap = gap
        self.grace = grace
        self.retention = retention
        self.isCached = isCached
    }

    /// Forgets how far time had come, or goes on from there.
    mutating func restart(at time: Int64 = -1) { streamTime = time }

    private func isShown(_ session: WindowedUpdate) -> Bool {
        latestEnd < retention || session.end > latestEnd - retention
    }

    mutating func process(_ input: RuleRun.Input) -> [WindowedUpdate] {
        process(input) { $0 + (input.value ?? "-") }
    }

    mutating func process(_ input: RuleRun.Input, _ fold: (String) -> String) -> [WindowedUpdate] {
        guard let key = input.key else { return [] }
        let time = input.time.rawValue
        streamTime = max(streamTime, time)
        func isFound(_ session: WindowedUpdate) -> Bool {
            // What a cache holds is found for as long as the times of these tests go.
            session.key == key && session.end >= time - gap && session.start <= time + gap
                && (isCached || isShown(session))
        }
        let found = sessions.filter(isFound).sorted { ($0.end, $0.start) < ($1.end, $1.start) }
        var merged = WindowedUpdate(key: key, start: time, end: time, value: "", time: time)
        for session in found {
            merged.start = min(merged.start, session.start)
            merged.end = max(merged.end, session.end)
            merged.value = "(\(merged.value ?? "")\(session.value ?? ""))"
        }
        if merged.end < streamTime - grace - gap {
            late += 1
            return []
        }
        merged.value = fold(merged.value ?? "")
        merged.time = merged.end
        var updates: [WindowedUpdate] = []
        if merged.start != time || merged.end != time {
            for session in found {
                let isMerged = session.start == merged.start && session.end == merged.end
                // A cache tells a session that is deleted and made again once, and none that the store behind it hides.
                if isCached, isMerged || !isShown(session) { continue }
                var deleted = session
                deleted.value = nil
                updates.append(deleted)
            }
        }
        let absorbed = Set(found.map(\.text))
        sessions.removeAll { absorbed.contains($0.text) }
        // One that the store hides may be written over.
        sessions.removeAll { $0.key == key && $0.start == merged.start && $0.end == merged.end }
        sessions.append(merged)
        latestEnd = max(latestEnd, merged.end)
        return updates + [merged]
    }

    /// What has closed and was not told yet.
    mutating func takeClosed() -> [WindowedUpdate] {
        let closeTime = streamTime - grace - gap
        defer { toldUntil = max(toldUntil, closeTime) }
        return sessions.filter { $0.end >= toldUntil && $0.end < closeTime }
    }
}
