// What deletes and compacts in the background: one thread for all logs, so that it never takes more than one processor from requests.

import Dispatch
import Logging

struct LogCleaner: Sendable {
    let topics: TopicRegistry
    let logger: Logger
    /// Milliseconds since 1970.
    let clock: @Sendable () -> Int64
    private let queue = DispatchQueue(label: "swiftwater.broker.cleaner")

    init(topics: TopicRegistry, logger: Logger, clock: @escaping @Sendable () -> Int64) {
        self.topics = topics
        self.logger = logger
        self.clock = clock
    }

    /// Works at both intervals until cancelled.
    func run(retention: Duration, compaction: Duration) async {
        await withDiscardingTaskGroup { group in
            group.addTask { await every(retention) { await retain() } }
            group.addTask { await every(compaction) { await compact() } }
        }
    }

    private func every(_ interval: Duration, _ body: () async -> Void) async {
        while (try? await Task.sleep(for: interval)) != nil { await body() }
    }

    /// Deletes what is too old or too much.
    func retain() async {
        await forEachLog { log in
            if let start = try log.retain(now: clock()) {
                logger.info("deleted old segments", metadata: ["log": "\(log.directory)", "start": "\(start)"])
            }
        }
    }

    /// Compacts what has grown enough, or all that may be.
    func compact(isForced: Bool = false) async {
        await forEachLog { log in
            if let result = try log.compact(now: clock(), isForced: isForced) {
                logger.info(
                    "compacted",
                    metadata: [
                        "log": "\(log.directory)", "bytes": "\(result.bytesBefore) -> \(result.bytesAfter)",
                        "records": "\(result.recordsBefore) -> \(result.recordsAfter)",
                    ])
            }
        }
    }

    private func forEachLog(_ body: @escaping @Sendable (PartitionLog) throws -> Void) async {
        await withCheckedContinuation { continuation in
            queue.async {
                for log in topics.all.flatMap(\.partitions).map(\.log) {
                    do {
                        try body(log)
                    } catch {
                        logger.error(
                            "cleaning a log failed", metadata: ["log": "\(log.directory)", "error": "\(error)"])
                    }
                }
                continuation.resume()
            }
        }
    }
}
