internal import Logging
internal import RDKafka
internal import Swiftwater

/// What a thread makes of a broker that does not answer just now: it says so, every ten seconds at most, and asks again later.
final class BrokerAbsence {
    private let clock = ContinuousClock()
    private let logger: Logger
    private var nextComplaint: ContinuousClock.Instant

    init(_ logger: Logger) {
        self.logger = logger
        nextComplaint = clock.now
    }

    /// Does what needs a broker; throws what is no absence.
    /// - Returns: whether it was done.
    func attempt(_ what: String, _ body: () throws -> Void) throws -> Bool {
        do {
            try body()
            return true
        } catch let error as StreamsError {
            guard let cause = error.cause as? KafkaError, cause.isRetriable, !cause.isFatal else { throw error }
            complain(what, cause)
            return false
        }
    }

    func complain(_ what: String, _ cause: KafkaError) {
        guard clock.now >= nextComplaint else { return }
        nextComplaint = clock.now + .seconds(10)
        logger.warning("waiting for Kafka to \(what)", metadata: ["error": "\(cause)"])
    }
}
