/// One window from a start on, without an end; records before the start belong to none. It never closes.
///
/// The counterpart of `UnlimitedWindows`.
public struct UnlimitedWindows: Windows {
    /// The window's start.
    public var start: Timestamp

    /// A window from a start on.
    public init(start: Timestamp = 0) {
        self.start = start
    }

    /// As long as time goes.
    public var size: Duration { .milliseconds(Int64.max) }

    /// None is needed: the window does not end.
    public var grace: Duration { .zero }

    /// Calls `body` with the window unless the time is before its start.
    public func forEachWindow(containing timestamp: Timestamp, _ body: (Window) throws -> Void) throws {
        if timestamp >= start { try body(Window(start: start, end: Timestamp(rawValue: .max))) }
    }
}

extension Windows where Self == UnlimitedWindows {
    /// One window from a start on, without an end.
    public static func unlimited(start: Timestamp = 0) -> UnlimitedWindows {
        UnlimitedWindows(start: start)
    }
}
