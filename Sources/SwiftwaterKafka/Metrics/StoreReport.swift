internal import Metrics
internal import Swiftwater

/// What swift-metrics is told of one store: what was counted since the last time, and how things stand.
final class StoreReport {
    private let dimensions: [(String, String)]
    private let factory: any MetricsFactory
    private var told = StoreMetrics()
    private var counters: [String: Counter] = [:]
    private var gauges: [String: Gauge] = [:]

    init(dimensions: [(String, String)], factory: any MetricsFactory) {
        self.dimensions = dimensions
        self.factory = factory
    }

    func tell(_ metrics: StoreMetrics) {
        for operation in StoreOperation.allCases {
            let (new, old) = (metrics[operation], told[operation])
            guard new.total > old.total else { continue }
            let name = operation.name.replacing("-", with: "_")
            count(new.total - old.total, "\(name)_total")
            tell(new, since: old, "\(name)_latency")
        }
        if metrics.iterators.total > told.iterators.total {
            tell(metrics.iterators, since: told.iterators, "iterator_duration")
        }
        let hits = metrics.cacheHits - told.cacheHits
        let reads = hits + metrics.cacheMisses - told.cacheMisses
        if reads > 0 { set(Double(hits) / Double(reads), "hit_ratio_avg", of: "stream_record_cache_metrics") }
        if let held = metrics.held, held != told.held {
            set(Double(held.count), "suppression_buffer_count_current")
            set(Double(held.largestCount), "suppression_buffer_count_max")
            set(Double(held.bytes), "suppression_buffer_size_current")
            set(Double(held.largestBytes), "suppression_buffer_size_max")
        }
        if let keys = metrics.keys, keys != told.keys { set(Double(keys), "num_keys") }
        told = metrics
    }

    /// The store is closed.
    func end() {
        for counter in counters.values { counter.destroy() }
        for gauge in gauges.values { gauge.destroy() }
        counters = [:]
        gauges = [:]
    }

    /// Nothing below the level debug, at which no time is taken.
    private func tell(_ new: OperationCount, since old: OperationCount, _ name: String) {
        guard new.nanoseconds > old.nanoseconds else { return }
        let time = Double(new.nanoseconds - old.nanoseconds)
        set(time / Double(new.total - old.total), "\(name)_avg")
        set(Double(new.longestNanoseconds), "\(name)_max")
    }

    private func count(_ number: Int, _ name: String) {
        let counter =
            counters[name]
            ?? Counter(label: Self.label("stream_state_metrics", name), dimensions: dimensions, factory: factory)
        counters[name] = counter
        counter.increment(by: number)
    }

    private func set(_ value: Double, _ name: String, of group: String = "stream_state_metrics") {
        let gauge =
            gauges[name] ?? Gauge(label: Self.label(group, name), dimensions: dimensions, factory: factory)
        gauges[name] = gauge
        gauge.record(value)
    }

    private static func label(_ group: String, _ name: String) -> String { "kafka_streams_\(group)_\(name)" }
}
