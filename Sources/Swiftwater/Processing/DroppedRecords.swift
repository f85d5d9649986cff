package import Logging

/// Counts what a task leaves out, and logs what nobody asked for at most once per reason, node and interval.
package final class DroppedRecords {
    private struct Site: Hashable {
        var reason: DropReason
        var node: String
    }

    private var counts: [Int] = Array(repeating: 0, count: DropReason.allCases.count)
    private var lastLogged: [Site: Timestamp] = [:]
    private let clock: any WallClock
    private let logger: Logger
    private static let interval: Int64 = 10_000

    package init(clock: any WallClock, logger: Logger) {
        self.clock = clock
        self.logger = logger
    }

    /// How many records were left out for each reason since the task was created.
    package var byReason: [DropReason: Int] {
        var result: [DropReason: Int] = [:]
        for (index, reason) in DropReason.allCases.enumerated() where counts[index] > 0 {
            result[reason] = counts[index]
        }
        return result
    }

    package var total: Int { counts.reduce(0, +) }

    func add(_ reason: DropReason, node: String, record: RecordMetadata?, cause: (any Error)? = nil) {
        for (index, candidate) in DropReason.allCases.enumerated() where candidate == reason {
            counts[index] += 1
        }
        guard reason.isLogged else { return }
        let site = Site(reason: reason, node: node)
        let now = clock.now()
        if let last = lastLogged[site], now.rawValue - last.rawValue < Self.interval { return }
        lastLogged[site] = now
        var metadata: Logger.Metadata = ["reason": "\(reason.rawValue)", "node": "\(node)"]
        if let record {
            metadata["topic"] = "\(record.topic)"
            metadata["partition"] = "\(record.partition)"
            metadata["offset"] = "\(record.offset)"
        }
        if let cause { metadata["cause"] = "\(cause)" }
        logger.warning("record dropped", metadata: metadata)
    }
}
