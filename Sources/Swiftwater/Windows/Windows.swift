/// Windows that a record's time alone decides: which ones a record belongs to, and for how long they take late ones.
///
/// ``TimeWindows`` and ``UnlimitedWindows`` are given; conform a type of your own for calendars such as days of a time zone, which
/// are not all of one length.
/// The counterpart of extending Kafka Streams' `Windows`. A window's start identifies it: two windows of one start are one.
public protocol Windows: Sendable {
    /// The length of the longest window: what a store keeps is at least this and the grace.
    var size: Duration { get }

    /// How long after its end, measured in stream time, a window still takes records.
    var grace: Duration { get }

    /// Calls `body` for each window that a time belongs to, the earliest start first; ends are exclusive.
    ///
    /// A window belongs to its own start: its end is found by asking for that, as stores and topics keep the start alone.
    func forEachWindow(containing timestamp: Timestamp, _ body: (Window) throws -> Void) throws
}

/// Tells the end of a window of its start.
typealias WindowEnd = @Sendable (_ start: Timestamp) throws -> Timestamp

extension Windows {
    /// The end of the window that begins at a time; as far behind it as the longest window is, if none does.
    func end(ofWindowFrom start: Timestamp) throws -> Timestamp {
        var end: Timestamp?
        try forEachWindow(containing: start) { if $0.start == start { end = $0.end } }
        if let end { return end }
        let (last, overflow) = start.rawValue.addingReportingOverflow(size.milliseconds)
        return Timestamp(rawValue: overflow ? .max : last)
    }
}
