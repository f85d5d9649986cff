import Foundation
import RDKafka
import Synchronization

/// Lines of random words that keep coming into a topic, on a thread of its own, until they are stopped; knows how often each word was sent.
final class LineFeed: Sendable {
    private struct State {
        var words: [String: Int64] = [:]
        var isStopping = false
        var outcome: Result<Void, any Error>?
        var waiting: [CheckedContinuation<Void, any Error>] = []
    }

    static let wordsPerLine = 8
    private static let vocabulary = (0..<1_500).map { number in
        String(decoding: [number / 676, number / 26 % 26, number % 26].map { UInt8(97 + $0) }, as: UTF8.self)
    }

    private let state = Mutex(State())

    /// Feeds the topic for as long as the body runs; lines go to its partitions in turn.
    static func with<Result>(
        _ cluster: TestCluster, _ topic: String, seed: UInt64, linesPerSecond: Int = 300,
        _ body: (LineFeed) async throws -> Result
    ) async throws -> Result {
        let feed = LineFeed()
        Thread { feed.run(cluster, topic, seed, linesPerSecond) }.start()
        do {
            let result = try await body(feed)
            _ = try await feed.stop()
            return result
        } catch {
            _ = try? await feed.stop()
            throw error
        }
    }

    /// Ends the feed when every line is acknowledged.
    /// - Returns: how often each word was sent.
    func stop() async throws -> [String: Int64] {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let outcome = state.withLock { state in
                state.isStopping = true
                if state.outcome == nil { state.waiting.append(continuation) }
                return state.outcome
            }
            if let outcome { continuation.resume(with: outcome) }
        }
        return state.withLock { $0.words }
    }

    private func run(_ cluster: TestCluster, _ topic: String, _ seed: UInt64, _ rate: Int) {
        let outcome = Result { try feed(cluster, topic, seed, rate) }
        let waiting = state.withLock { state in
            state.outcome = outcome
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(with: outcome) }
    }

    private func feed(_ cluster: TestCluster, _ topic: String, _ seed: UInt64, _ rate: Int) throws {
        let producer = try cluster.producer(["enable.idempotence": "true"])
        defer { producer.close(limit: .seconds(5)) }
        let handle = try producer.topic(topic)
        let partitions = try producer.partitionCount(handle, timeout: TestCluster.limit)
        var random = SeededRandom(seed: seed)
        var failure: KafkaError?
        func note(_ delivery: Delivery) { failure = failure ?? delivery.error }
        let clock = ContinuousClock()
        let start = clock.now
        var sent = 0
        while !state.withLock({ $0.isStopping }), failure == nil {
            let words = (0..<Self.wordsPerLine).compactMap { _ in Self.vocabulary.randomElement(using: &random) }
            let line = Array(words.joined(separator: " ").utf8)
            let outcome = try producer.produce(
                to: handle, partition: Int32(sent % partitions), key: nil, value: line.span.bytes)
            if outcome == .queued {
                sent += 1
                state.withLock { state in for word in words { state.words[word, default: 0] += 1 } }
            }
            // Waiting for reports is what keeps the pace.
            let due = start + .seconds(Double(sent) / Double(rate))
            repeat {
                try producer.poll(timeout: max(.zero, clock.now.duration(to: due)), into: note)
            } while clock.now < due
        }
        let isFlushed = try producer.flush(timeout: TestCluster.limit, into: note)
        if let failure { throw failure }
        if !isFlushed { throw ChildError("not all lines were acknowledged within \(TestCluster.limit)") }
    }
}
