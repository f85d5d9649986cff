import CoreMetrics
import Synchronization

/// The runtime's counter of processed records, and when it began to count.
final class ProcessedRecords: CounterHandler {
    static let label = "kafka_streams_stream_thread_metrics_process_total"

    private let state = Mutex<(count: Int, start: Usage?)>((0, nil))

    var count: Int { state.withLock { $0.count } }
    var start: Usage? { state.withLock { $0.start } }

    func increment(by amount: Int64) {
        state.withLock { state in
            if state.start == nil { state.start = .now }
            state.count += Int(amount)
        }
    }

    func reset() {}
}
