internal import Metrics
internal import Swiftwater

/// What a stream thread counts, by swift-metrics.
///
/// Labels are Kafka Streams' groups and names as Prometheus shows them: `kafka_streams_<group>_<name>`.
final class ThreadMetrics {
    private let dimensions: [(String, String)]
    private let factory: any MetricsFactory
    private let processTotal: Counter
    private let commitTotal: Counter
    private let commitLatency: Timer
    private let restoreTotal: Counter
    private var dropped: [DroppedSite: Int] = [:]
    private var droppedTotals: [DropReason: Counter] = [:]
    private var lags: [InputPartition: Gauge] = [:]
    private let stores: StoreReports

    private struct DroppedSite: Hashable {
        var task: ObjectIdentifier
        var reason: DropReason
    }

    init(applicationID: String, thread: Int, factory: any MetricsFactory) {
        let dimensions = [("application_id", applicationID), ("thread_id", String(thread))]
        self.dimensions = dimensions
        self.factory = factory
        stores = StoreReports(dimensions: dimensions, factory: factory)
        func counter(_ name: String) -> Counter {
            Counter(label: "kafka_streams_\(name)", dimensions: dimensions, factory: factory)
        }
        processTotal = counter("stream_thread_metrics_process_total")
        commitTotal = counter("stream_thread_metrics_commit_total")
        restoreTotal = counter("stream_state_updater_metrics_restore_records_total")
        commitLatency = Timer(
            label: "kafka_streams_stream_thread_metrics_commit_latency", dimensions: dimensions, factory: factory)
    }

    func processed(_ records: Int) { processTotal.increment(by: records) }

    func restored(_ records: Int) { restoreTotal.increment(by: records) }

    func committed(after duration: Duration) {
        commitTotal.increment()
        let parts = duration.components
        commitLatency.recordNanoseconds(parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000)
    }

    /// Counts what a task dropped since it was asked last.
    func dropped(by task: StreamTask) {
        for (reason, count) in task.context.dropped.byReason {
            let site = DroppedSite(task: ObjectIdentifier(task), reason: reason)
            let new = count - dropped[site, default: 0]
            guard new > 0 else { continue }
            dropped[site] = count
            let total =
                droppedTotals[reason]
                ?? Counter(
                    label: "kafka_streams_stream_task_metrics_dropped_records_total",
                    dimensions: dimensions + [("reason", reason.rawValue)],
                    factory: factory)
            droppedTotals[reason] = total
            total.increment(by: new)
        }
    }

    /// Records of a partition that are not committed yet.
    func lag(_ records: Int64, of input: InputPartition) {
        let gauge =
            lags[input]
            ?? Gauge(
                label: "kafka_streams_records_lag",
                dimensions: dimensions + [("topic", input.topic), ("partition", String(input.partition))],
                factory: factory)
        lags[input] = gauge
        gauge.record(records)
    }

    /// Tells what was done to the stores of a task that the restorer does not have.
    func stores(of task: RunningTask) {
        guard task.phase != .restoring else { return }
        stores.tell("\(task.id)", task.task.storeMetrics(restarting: true))
        if let views = task.backend?.disk.openViews { stores.tell("\(task.id)", views) }
    }

    func forget(_ task: StreamTask) {
        stores.end("\(task.id)")
        dropped = dropped.filter { $0.key.task != ObjectIdentifier(task) }
        for input in task.inputs { lags.removeValue(forKey: input)?.destroy() }
    }
}
