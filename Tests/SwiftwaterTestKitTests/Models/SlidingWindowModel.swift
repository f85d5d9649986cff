import Swiftwater

/// Sliding windows by their definition: all that end with a record, and all behind one that another falls into.
///
/// A late record must be no later than the grace, or too late for all its windows: in between, which windows there are
/// depends on the order in which records came.
struct SlidingWindowModel {
    let difference: Int64
    let grace: Int64
    private(set) var late = 0
    private var streamTime: Int64 = -1
    private var toldUntil: Int64 = .min
    private var records: [String: [(time: Int64, value: String)]] = [:]

    init(difference: Int64, grace: Int64) {
        self.difference = difference
        self.grace = grace
    }

    /// Forgets how far time had come, or goes on from there.
    mutating func restart(at time: Int64 = -1) { streamTime = time }

    mutating func process(_ input: RuleRun.Input) -> [WindowedUpdate] {
        guard let key = input.key, let value = input.value else { return [] }
        let time = input.time.rawValue
        streamTime = max(streamTime, time)
        if time + difference < streamTime - grace {
            late += 1
            return []
        }
        let before = windows(of: key)
        records[key, default: []].append((time, value))
        return windows(of: key).filter { start in
            start <= time && time <= start + difference || !before.contains(start)
        }.map { window(of: key, from: $0) }
    }

    /// What has closed and was not told yet.
    mutating func takeClosed() -> [WindowedUpdate] {
        let closeTime = streamTime - grace
        defer { toldUntil = max(toldUntil, closeTime) }
        return records.keys.flatMap { key in
            windows(of: key).filter { $0 + difference >= toldUntil && $0 + difference < closeTime }
                .map { window(of: key, from: $0) }
        }
    }

    private func window(of key: String, from start: Int64) -> WindowedUpdate {
        let inside = (records[key] ?? []).filter { $0.time >= start && $0.time <= start + difference }
        return WindowedUpdate(
            key: key,
            start: start,
            end: start + difference,
            value: inside.map(\.value).joined(),
            time: inside.map(\.time).max() ?? -1
        )
    }

    private func windows(of key: String) -> Set<Int64> {
        let records = records[key] ?? []
        var starts = Set(records.map { max(0, $0.time - difference) })
        for record in records {
            let next = record.time + 1
            if records.contains(where: { $0.time >= next && $0.time <= next + difference }) { starts.insert(next) }
        }
        return starts
    }
}
