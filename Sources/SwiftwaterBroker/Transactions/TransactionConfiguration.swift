/// Bounds and waits of transactions, each under the name Apache Kafka gives it where it has one. Times are milliseconds.
struct TransactionConfiguration: Sendable {
    /// `transaction.max.timeout.ms`.
    var maximumTimeout: Int32 = 900_000
    /// `transactional.id.expiration.ms`: how long an id is remembered that nobody uses.
    var expiration: Int64 = 604_800_000
    /// After which time a marker is tried again that could not be written.
    var retryDelay: Int64 = 200
    /// The most ids kept at a time.
    var maximumIDs = 100_000
}
