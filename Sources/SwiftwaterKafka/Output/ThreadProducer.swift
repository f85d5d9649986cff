internal import RDKafka
internal import Swiftwater

/// A stream thread's producer and, under exactly-once, its transaction; replaced when librdkafka declares it dead.
final class ThreadProducer {
    private enum State {
        /// At-least-once: there are no transactions.
        case plain
        /// The transactional id is not registered yet.
        case unregistered
        case ready
        case open
        /// The offsets are in the transaction; the commit may have reached the broker.
        case ending
    }

    private(set) var producer: Producer
    private let make: () throws(KafkaError) -> Producer
    private var state: State
    /// When the transaction that is open, or was open last, began.
    private(set) var lastBegin: ContinuousClock.Instant?

    init(isTransactional: Bool, _ make: @escaping () throws(KafkaError) -> Producer) throws(KafkaError) {
        self.make = make
        producer = try make()
        state = isTransactional ? .unregistered : .plain
    }

    var isTransactional: Bool { if case .plain = state { false } else { true } }
    var isOpen: Bool { if case .open = state { true } else { false } }

    /// Registers the transactional id, which ends what a former holder left open: once, before committed offsets are asked for.
    func register(timeout: Duration) throws(KafkaError) {
        guard case .unregistered = state else { return }
        try producer.initTransactions(timeout: timeout)
        state = .ready
    }

    /// Begins a transaction if there must be one and is none.
    @inline(__always)
    func begin() throws(KafkaError) {
        if case .ready = state { try beginNew() }
    }

    private func beginNew() throws(KafkaError) {
        try producer.beginTransaction()
        lastBegin = .now
        state = .open
    }

    /// Puts offsets into the transaction; after a retriable error the same call goes on.
    func sendOffsets(_ offsets: [PartitionOffset], of group: GroupMetadata, timeout: Duration) throws(KafkaError) {
        try begin()
        try producer.sendOffsets(offsets, of: group, timeout: timeout)
        state = .ending
    }

    /// Ends the transaction; after a retriable error the same call goes on.
    func endTransaction(timeout: Duration) throws(KafkaError) {
        try producer.commitTransaction(timeout: timeout)
        state = .ready
    }

    /// Throws away what was sent since the last commit, and its reports.
    ///
    /// A commit that may have reached the broker cannot be aborted: registering the id anew settles it, either way.
    func abandon() throws(KafkaError) {
        var isClean = false
        if case .ending = state {} else { isClean = isRidOfMessages() }
        if !isClean || producer.fatalError != nil { try replace() }
    }

    /// Whether the producer can go on without a trace of what it had to send.
    ///
    /// Messages in flight are never purged: the broker may have them, and what follows would be out of sequence. Aborting waits for
    /// them; without transactions a producer that has some is replaced.
    private func isRidOfMessages() -> Bool {
        do throws(KafkaError) {
            if isOpen {
                try producer.abortTransaction(timeout: .seconds(5))
                state = .ready
            }
            guard isTransactional || producer.outstanding == 0 else { return false }
            return try producer.flush(timeout: .seconds(1)) { _ in }
        } catch {
            return false
        }
    }

    /// A new producer with the same transactional id. Reports of the old one are gone with it.
    private func replace() throws(KafkaError) {
        producer.close(limit: .seconds(2))
        producer = try make()
        if isTransactional { state = .unregistered }
    }

    func close(limit: Duration) {
        producer.close(limit: limit)
    }
}
