import CoreMetrics

/// Hears the one counter that the benchmark looks at.
struct BenchMetrics: MetricsFactory {
    let processed: ProcessedRecords

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        label == ProcessedRecords.label ? processed : NOOPMetricsHandler.instance
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        NOOPMetricsHandler.instance
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { NOOPMetricsHandler.instance }

    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
}
