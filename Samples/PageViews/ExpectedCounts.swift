import Swiftwater

/// The result, computed from the input with a dictionary and a loop.
enum ExpectedCounts {
    static func of(
        _ views: [Record<String, PageView>], by users: [Record<String, User?>]
    ) -> [Windowed<String>: Int64] {
        var rows: [String: User] = [:]
        for user in users { rows[user.key] = user.value }
        let size = Int64(PageViewsTopology.size / .milliseconds(1))
        let advance = Int64(PageViewsTopology.advance / .milliseconds(1))
        var counts: [Windowed<String>: Int64] = [:]
        for view in views {
            guard let user = rows[view.key], !user.isTester else { continue }
            let time = view.timestamp.milliseconds
            var start = time / advance * advance
            while start >= 0, start > time - size {
                let window = Window(
                    start: Timestamp(milliseconds: start), end: Timestamp(milliseconds: start + size))
                counts[Windowed(user.region, window), default: 0] += 1
                start -= advance
            }
        }
        return counts
    }
}
