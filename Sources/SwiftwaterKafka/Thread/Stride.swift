/// How many records a thread processes between two polls: as many as fit into some milliseconds, so that slow functions of a
/// topology do not keep the thread from its consumer.
struct Stride {
    private(set) var records = 250

    private static let range = 1...2_000
    private static let aim = Duration.milliseconds(20)

    /// - Parameter duration: what the last pass took.
    mutating func adapt(to duration: Duration) {
        if duration > Self.aim * 2 {
            records = max(Self.range.lowerBound, records / 2)
        } else if duration < Self.aim {
            records = min(Self.range.upperBound, records * 2)
        }
    }
}
