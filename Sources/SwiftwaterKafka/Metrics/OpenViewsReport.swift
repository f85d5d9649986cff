internal import Metrics
internal import Swiftwater

/// What swift-metrics is told of the views that queries hold of a task's stores (ST-20, KIP-989).
final class OpenViewsReport {
    private let count: Gauge
    private let oldest: Gauge

    init(dimensions: [(String, String)], factory: any MetricsFactory) {
        let group = "kafka_streams_stream_state_metrics"
        count = Gauge(label: "\(group)_num_open_iterators", dimensions: dimensions, factory: factory)
        oldest = Gauge(label: "\(group)_oldest_iterator_open_since_ms", dimensions: dimensions, factory: factory)
    }

    func tell(_ open: OpenViews) {
        let (views, since) = open.standing
        count.record(views)
        oldest.record(since?.rawValue ?? 0)
    }

    func end() {
        count.destroy()
        oldest.destroy()
    }
}
