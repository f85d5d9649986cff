internal import Foundation
internal import Logging
internal import RDKafka
internal import Swiftwater

extension StreamThread {
    /// Whether a task has something to process at once.
    var hasWork: Bool {
        flushed.isEmpty && !context.pause.isOn
            && tasks.values.contains { $0.phase == .running && $0.task.queuedRecords > 0 && $0.task.queues.count == 1 }
    }

    /// Processes some of what is queued, unless the application is paused (S-107); returns how many records.
    func process() throws -> Int {
        guard flushed.isEmpty, !context.pause.isOn, case .agreed = membership else { return 0 }
        var processed = 0
        let start = clock.now
        for task in tasks.values where task.phase == .running {
            sending(task)
            try task.task.punctuateWallClock()
        }
        for task in tasks.values where task.phase == .running && task.task.queuedRecords > 0 {
            sending(task)
            processed += try task.task.process(limit: stride.records)
        }
        if processed > 0 {
            stride.adapt(to: clock.now - start)
            metrics.processed(processed)
            try output.poll()
            try resumeInputs()
        }
        return processed
    }

    /// Takes what the consumer has into the queues of the tasks.
    func poll(_ wait: Duration) throws {
        do throws(KafkaError) {
            _ = try consumer.poll(timeout: wait) { take($0) }
        } catch {
            throw StreamsError(.brokerUnreachable, "the consumer cannot be polled", cause: error)
        }
        for number in touched {
            let batch = incoming[number]
            incoming[number] = RecordBatch()
            guard let route = routes[number] else { continue }
            route.queue.lag = 1
            if let last = batch.lastOffset { route.task.positions[route.queue.source] = last + 1 }
            try route.queue.add(batch)
            if route.queue.count > configuration.bufferedRecordsPerPartition { try pause(route.queue) }
        }
        touched.removeAll(keepingCapacity: true)
    }

    private func take(_ message: borrowing Message) {
        let number = message.partitionNumber
        guard number < routes.count, let route = routes[number] else { return }
        let last = incoming[number].lastOffset.map { $0 + 1 } ?? route.task.positions[route.queue.source] ?? 0
        // What was prefetched before an assignment may still come.
        guard message.offset >= last else { return }
        if incoming[number].isEmpty { touched.append(number) }
        incoming[number].append(message)
    }

    func reachedEnd(_ number: Int, _ offset: Int64) {
        guard number < routes.count, let route = routes[number] else { return }
        let source = route.queue.source
        guard offset >= route.task.positions[source] ?? 0 else { return }
        route.task.positions[source] = offset
        route.queue.lag = 0
    }

    // MARK: Flow

    private func pause(_ queue: PartitionQueue) throws {
        do throws(KafkaError) {
            try consumer.pause([KafkaPartition(queue.source.topic, queue.source.partition)])
        } catch {
            throw StreamsError(.brokerUnreachable, "an input cannot be paused", cause: error)
        }
        logger.debug("input paused", metadata: ["input": "\(queue.source)", "queued": "\(queue.count)"])
    }

    /// Goes on with inputs of which half is processed: pausing throws prefetched records away, so not at every step.
    private func resumeInputs() throws {
        let limit = configuration.bufferedRecordsPerPartition / 2
        for task in tasks.values where task.phase == .running {
            for queue in task.task.queues where queue.count <= limit {
                let partition = KafkaPartition(queue.source.topic, queue.source.partition)
                guard consumer.isPaused(partition) else { continue }
                do throws(KafkaError) {
                    try consumer.resume([partition])
                } catch {
                    throw StreamsError(.brokerUnreachable, "an input cannot be resumed", cause: error)
                }
                logger.debug("input resumed", metadata: ["input": "\(queue.source)", "queued": "\(queue.count)"])
            }
        }
    }

    /// Looks into the consumer's queue without taking anything, so that the group does not think the thread is stuck.
    func keepPlace(_ wait: Duration = .zero) {
        if wait > .zero { Thread.sleep(forTimeInterval: wait / .seconds(1)) }
        _ = try? consumer.poll(timeout: .zero, max: 0) { _ in }
    }
}
