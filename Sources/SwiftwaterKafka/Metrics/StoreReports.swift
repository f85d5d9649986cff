internal import Metrics
internal import Swiftwater

/// What swift-metrics is told of the stores of one thread's tasks (ST-10).
final class StoreReports {
    private let dimensions: [(String, String)]
    private let factory: any MetricsFactory
    private var reports: [String: [String: StoreReport]] = [:]
    private var views: [String: OpenViewsReport] = [:]

    /// - Parameter dimensions: those of the thread.
    init(dimensions: [(String, String)], factory: any MetricsFactory) {
        self.dimensions = dimensions
        self.factory = factory
    }

    /// Tells what was done to the stores of a task since the last time.
    ///
    /// - Parameters:
    ///   - task: the dimension `task_id`.
    ///   - stores: what was counted, by store.
    func tell(_ task: String, _ stores: [(store: String, metrics: StoreMetrics)]) {
        for (store, metrics) in stores {
            let report = reports[task]?[store] ?? makeReport(task, store, isInMemory: metrics.keys != nil)
            report.tell(metrics)
        }
    }

    /// Tells how many views of a task's stores queries hold, and since when.
    func tell(_ task: String, _ open: OpenViews) {
        let report = views[task] ?? OpenViewsReport(dimensions: dimensions + [("task_id", task)], factory: factory)
        views[task] = report
        report.tell(open)
    }

    /// The task is closed.
    func end(_ task: String) {
        for report in (reports.removeValue(forKey: task) ?? [:]).values { report.end() }
        views.removeValue(forKey: task)?.end()
    }

    private func makeReport(_ task: String, _ store: String, isInMemory: Bool) -> StoreReport {
        let own = [("task_id", task), ("state_id", store), ("scope", isInMemory ? "in-memory" : "lmdb")]
        let report = StoreReport(dimensions: dimensions + own, factory: factory)
        reports[task, default: [:]][store] = report
        return report
    }
}
