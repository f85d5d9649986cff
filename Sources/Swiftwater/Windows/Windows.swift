/// Windows that a record's time alone decides: which ones a record belongs to, and for how long they take late ones.
///
/// ``TimeWindows`` and ``UnlimitedWindows`` are given; conform a type of your own for calendars such as days of a time zone.
/// The counterpart of extending Kafka Streams' `Windows`. A window's start identifies it: two windows of one start are one.
public protocol Windows: Sendable {
    /// The length of the longest window: what a store keeps is at least this and the grace.
    var size: Duration { get }

    /// How long after its end, measured in stream time, a window still takes records.
    var grace: Duration { get }

    /// Calls `body` for each window that a time belongs to, the earliest start first; ends are exclusive.
    func forEachWindow(containing timestamp: Timestamp, _ body: (Window) throws -> Void) throws
}
