internal import RDKafka
internal import Swiftwater

/// What a thread makes of being shut out of its transactional id.
///
/// Once is what happens to a process that stood still: its transaction timed out, or its tasks moved on. It waits for a session, so
/// that a second holder, if there is one, shows; shut out again, there is one, and the two would take the id from each other for ever.
struct Fence {
    private var last: ContinuousClock.Instant?
    /// Nothing is opened before.
    private(set) var waitsUntil: ContinuousClock.Instant?

    mutating func noticed(at now: ContinuousClock.Instant, session: Duration, cause: KafkaError) throws(StreamsError) {
        if let last, now - last < session * 3 {
            throw StreamsError(
                .stateDirectory,
                """
                another process uses this one's transactional id: was the state directory copied to it? Give each process a \
                directory of its own
                """,
                cause: cause
            )
        }
        last = now
        waitsUntil = now + session
    }
}
