import Foundation
import RDKafka
import Synchronization

/// Numbered records at a steady rate, on a thread of its own, by an idempotent producer: whatever happens to the broker, each number is
/// in the topics once.
final class Feed: Sendable {
    private struct State {
        var count: Int64 = 0
        var limit: Int64?
        /// At the limit it ends, and does not wait for a higher one.
        var isEnding = false
        var isOver = false
        var failure: (any Error)?
    }

    private let state = Mutex(State())
    private let servers: String
    private let topics: ReferenceTopics
    private let rate: Int
    private let firstTime = Int64(Date().timeIntervalSince1970 * 1000)

    /// - Parameter limit: how many numbers there are; nil feeds until it is stopped.
    init(_ servers: String, _ topics: ReferenceTopics, rate: Int, limit: Int64? = nil) {
        self.servers = servers
        self.topics = topics
        self.rate = rate
        state.withLock { $0.limit = limit }
    }

    func start() {
        let thread = Thread { [self] in
            do {
                try run()
            } catch {
                state.withLock { $0.failure = error }
            }
            state.withLock { $0.isOver = true }
        }
        thread.name = "feed"
        thread.start()
    }

    /// How many numbers were handed to the producer so far.
    var count: Int64 { state.withLock { $0.count } }

    var failure: (any Error)? { state.withLock { $0.failure } }

    /// Lets it go on up to this many.
    func goOn(to limit: Int64) { state.withLock { $0.limit = limit } }

    /// Ends it, and waits until every number is acknowledged.
    func stop(limit: Duration) throws -> FeedOutcome {
        state.withLock { $0.limit = min($0.count, $0.limit ?? .max) }
        return try wait(limit: limit)
    }

    /// Waits until the numbers up to the limit are acknowledged, and ends there.
    func wait(limit: Duration) throws -> FeedOutcome {
        state.withLock { $0.isEnding = true }
        let deadline = ContinuousClock.now + limit
        while !state.withLock({ $0.isOver }) {
            try Interruption.check()
            guard ContinuousClock.now < deadline else {
                throw TortureError("the fed records were not acknowledged within \(limit)")
            }
            Thread.sleep(forTimeInterval: 0.02)
        }
        if let failure { throw failure }
        return FeedOutcome(count: count, firstTime: firstTime, spacing: spacing)
    }

    private var spacing: Int64 { Int64(1_000_000 / rate) }

    // MARK: On the feeding thread

    private func run() throws {
        let producer = try Producer(
            KafkaConfiguration([
                "bootstrap.servers": servers, "enable.idempotence": "true", "linger.ms": "5",
                "message.timeout.ms": "0", "client.id": "torture-feed",
            ]))
        defer { producer.close(limit: .seconds(5)) }
        let events = try producer.topic(topics.events)
        let answers = try producer.topic(topics.answers)
        for topic in [events, answers] { _ = try producer.partitionCount(topic, timeout: .seconds(60)) }
        var failure: KafkaError?
        func take(_ delivery: Delivery) { failure = failure ?? delivery.error }
        func send(_ number: Int64, to topic: TopicHandle, _ time: Int64) throws {
            let (key, value) = (Array(Event.key(of: number).utf8), BigEndian.bytes(number))
            while try producer.produce(
                to: topic, partition: Event.partition(of: number), key: key.span.bytes, value: value.span.bytes,
                timestamp: time) == .queueFull
            {
                try producer.poll(timeout: .milliseconds(20), into: take)
            }
        }
        let clock = ContinuousClock()
        // From when the pace is counted, and with which number it began: anew after every pause.
        var pace = (start: clock.now, number: Int64(0))
        var number: Int64 = 0
        while true {
            let (limit, isEnding) = state.withLock { ($0.limit ?? .max, $0.isEnding) }
            if number >= limit {
                if isEnding { break }
                try producer.poll(timeout: .milliseconds(20), into: take)
                if let failure { throw failure }
                pace = (clock.now, number)
                continue
            }
            let outcome = FeedOutcome(count: number, firstTime: firstTime, spacing: spacing)
            try send(number, to: events, outcome.time(of: number))
            if Event.isAnswered(number) { try send(number, to: answers, outcome.time(of: number)) }
            number += 1
            state.withLock { $0.count = number }
            // Waiting for reports is what keeps the pace.
            let due = pace.start + .seconds(Double(number - pace.number) / Double(rate))
            repeat {
                try producer.poll(timeout: min(.milliseconds(20), max(.zero, clock.now.duration(to: due))), into: take)
            } while clock.now < due
            if let failure { throw failure }
        }
        while try !producer.flush(timeout: .milliseconds(200), into: take) {
            if let failure { throw failure }
            try Interruption.check()
        }
        if let failure { throw failure }
    }
}
