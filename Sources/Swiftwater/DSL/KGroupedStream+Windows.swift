extension KGroupedStream {
    /// Divides the records of each key into windows: tumbling, hopping, unlimited or of a calendar of your own.
    ///
    /// ```swift
    /// clicks.groupByKey().windowedBy(.tumbling(.seconds(60), grace: .seconds(10))).count(as: "per-minute")
    /// ```
    public func windowedBy(_ windows: some Windows) -> TimeWindowedKStream<Key, Value> {
        TimeWindowedKStream(grouped: self, windowing: .time(windows), isNil: nil)
    }

    /// Divides the records of each key into sliding windows (KIP-450).
    @_disfavoredOverload
    public func windowedBy(_ windows: SlidingWindows) -> TimeWindowedKStream<Key, Value> {
        TimeWindowedKStream(grouped: self, windowing: .sliding(windows), isNil: nil)
    }

    /// Divides the records of each key into sliding windows (KIP-450); those without a value are dropped (S-16).
    public func windowedBy<Wrapped>(
        _ windows: SlidingWindows
    ) -> TimeWindowedKStream<Key, Value> where Value == Wrapped? {
        TimeWindowedKStream(grouped: self, windowing: .sliding(windows), isNil: { $0 == nil })
    }

    /// Divides the records of each key into sessions.
    public func windowedBy(_ windows: SessionWindows) -> SessionWindowedKStream<Key, Value> {
        SessionWindowedKStream(grouped: self, windows: windows)
    }
}
