import Foundation
import RDKafka
import Synchronization

/// Two members of a group, each on a thread of its own, read the input topic; from the first record of either to the last.
///
/// Nobody reads before both have partitions: a member that is given all of them is alone still, and waits for the other.
struct RawGroup {
    private final class Tally: Sendable {
        struct State {
            var count = 0
            var start: Usage?
            var end: Usage?
            var failure: (any Error)?
        }

        let state = Mutex(State())
    }

    let context: PartContext

    init(_ context: PartContext) { self.context = context }

    func measure() async throws -> Measurement {
        let tally = Tally()
        await withDiscardingTaskGroup { group in
            for _ in 0..<2 {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        Thread {
                            do { try read(tally) } catch { tally.state.withLock { $0.failure = $0.failure ?? error } }
                            continuation.resume()
                        }.start()
                    }
                }
            }
        }
        let outcome = tally.state.withLock { ($0.count, $0.start, $0.end, $0.failure) }
        if let failure = outcome.3 { throw failure }
        guard let start = outcome.1, let end = outcome.2 else { throw BenchError("the group read nothing") }
        guard outcome.0 == context.options.records else {
            throw BenchError("the group rebalanced while it read, and read \(outcome.0) records")
        }
        return Measurement(context.part, records: outcome.0, from: start, to: end)
    }

    private func read(_ tally: Tally) throws {
        let reader = try RecordReader(context.consumer)
        let consumer = reader.consumer
        try consumer.subscribe([context.input])
        let total = context.options.records
        var isDone = false
        while !isDone {
            var isFirst = false
            let count = try reader.poll { _ in
                isFirst = true
            } answer: { event in
                switch event {
                case .assigned(let partitions) where partitions.count < context.options.partitions:
                    try consumer.assign(partitions.map { PartitionOffset($0, KafkaOffset.beginning) })
                case .assigned: try consumer.assign([])
                case .revoked: try consumer.unassign()
                default: break
                }
            }
            isDone = tally.state.withLock { state in
                if isFirst, state.start == nil { state.start = .now }
                state.count += count
                if state.count >= total, state.end == nil { state.end = .now }
                return state.end != nil || state.failure != nil
            }
        }
        consumer.close(limit: .seconds(5))
    }
}
