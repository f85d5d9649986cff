import NIOCore
import Testing

@testable import SwiftwaterBroker

@Suite struct TransactionTests {
    private typealias Producer = Transaction.Producer

    private let configuration = TransactionConfiguration()
    private let partition = Transaction.Partition(topic: "t", index: 0)
    private let other = Transaction.Partition(topic: "t", index: 1)

    private func registered(epochs: Int = 1) throws -> Transaction {
        var transaction = Transaction(id: "x", producerID: 7, timeout: 1_000, now: 0)
        for _ in 0..<epochs { transaction = try initialised(transaction) }
        return transaction
    }

    private func decide(
        _ transaction: Transaction, expected: Transaction.Producer? = nil, now: Int64 = 0
    ) throws -> TransactionDecision {
        try transaction.initialise(timeout: 1_000, expected: expected, now: now) { () throws(BrokerError) in 99 }
    }

    private func initialised(
        _ transaction: Transaction, expected: Transaction.Producer? = nil
    ) throws -> Transaction {
        try change(decide(transaction, expected: expected))
    }

    private func change(_ decision: TransactionDecision) throws -> Transaction {
        guard case .change(let next) = decision else { throw Unexpected(decision: decision) }
        return next
    }

    private func finish(_ decision: TransactionDecision) throws -> Transaction {
        guard case .finish(let next) = decision else { throw Unexpected(decision: decision) }
        return next
    }

    private struct Unexpected: Error { var decision: TransactionDecision }

    private func ongoing(epochs: Int = 1, now: Int64 = 0) throws -> Transaction {
        let transaction = try registered(epochs: epochs)
        return try change(transaction.add([partition], by: transaction.producer, now: now))
    }

    @Test func `each registration gets the next epoch of the same producer id`() throws {
        var transaction = try registered()
        #expect(transaction.producer == Producer(id: 7, epoch: 0))
        transaction = try initialised(transaction)
        #expect(transaction.producer == Producer(id: 7, epoch: 1))
        #expect(transaction.state == .empty)
    }

    @Test func `a registration ends the predecessor's open transaction under an epoch that nobody is given`() throws {
        let open = try ongoing()
        let aborting = try finish(decide(open, now: 5))
        #expect(aborting.state == .prepareAbort && aborting.producer.epoch == 1)
        #expect(aborting.partitions == [partition])
        #expect(try decide(aborting) == .answer(.concurrentTransactions))
        let after = try initialised(aborting.completed(now: 6))
        #expect(after.producer == Producer(id: 7, epoch: 2))
        #expect(after.partitions.isEmpty && after.startedAt == -1)
        #expect(after.end(committing: true, by: open.producer, now: 7) == .answer(.producerFenced))
        #expect(after.add([partition], by: open.producer, now: 7) == .answer(.producerFenced))
        #expect(after.admitOffsets(of: "g", by: open.producer) == .invalidProducerEpoch)
    }

    @Test func `an owner that names itself gets the next epoch, once for a repeated request, and nobody else does`()
        throws
    {
        let first = try registered(epochs: 3)
        let owner = first.producer
        let second = try initialised(first, expected: owner)
        #expect(second.producer == Producer(id: 7, epoch: 3))
        #expect(try decide(second, expected: owner) == .answer(.none))
        #expect(try decide(second, expected: Producer(id: 7, epoch: 0)) == .answer(.producerFenced))
        #expect(try decide(second, expected: Producer(id: 8, epoch: 3)) == .answer(.producerFenced))
        // A successor that does not name itself is the owner from now on.
        let successor = try initialised(second)
        #expect(try decide(successor, expected: second.producer) == .answer(.producerFenced))
        #expect(try decide(successor, expected: owner) == .answer(.producerFenced))
    }

    @Test func `a zombie that names itself does not end the owner's transaction, and the owner does`() throws {
        let open = try ongoing(epochs: 3)
        let zombie = Producer(id: 7, epoch: open.producer.epoch - 1)
        #expect(try decide(open, expected: zombie) == .answer(.producerFenced))
        #expect(try finish(decide(open, expected: open.producer)).state == .prepareAbort)
    }

    @Test func `when the epochs are used up the next registration has a new producer id`() throws {
        var transaction = try registered()
        transaction.producer.epoch = Transaction.lastEpoch
        let plain = try initialised(transaction)
        #expect(plain.producer == Producer(id: 99, epoch: 0))
        let named = try initialised(transaction, expected: transaction.producer)
        #expect(named.producer == Producer(id: 99, epoch: 0))
        // Asked again, as the answer was lost.
        #expect(try decide(named, expected: transaction.producer) == .answer(.none))
        let open = try change(transaction.add([partition], by: transaction.producer, now: 0))
        let aborting = try finish(decide(open))
        #expect(aborting.producer.epoch == Int16.max)
        #expect(try initialised(aborting.completed(now: 1)).producer == Producer(id: 99, epoch: 0))
    }

    @Test func `a transaction grows until its end is decided, and its time counts from its first partition`() throws {
        let first = try ongoing(now: 100)
        #expect(first.state == .ongoing && first.startedAt == 100)
        #expect(first.add([partition], by: first.producer, now: 200) == .answer(.none))
        let more = try change(first.add([other], groups: ["g"], by: first.producer, now: 300))
        #expect(more.partitions == [partition, other] && more.groups == ["g"] && more.startedAt == 100)
        #expect(more.admitOffsets(of: "g", by: more.producer) == .none)
        #expect(more.admitOffsets(of: "h", by: more.producer) == .invalidTransactionState)
        let ending = try finish(more.end(committing: true, by: more.producer, now: 400))
        #expect(ending.state == .prepareCommit && ending.producer == more.producer)
        #expect(ending.add([partition], by: more.producer, now: 400) == .answer(.concurrentTransactions))
        let next = try change(
            ending.completed(now: 500).add([other], by: more.producer, now: 600))
        #expect(next.partitions == [other] && next.groups.isEmpty && next.startedAt == 600)
    }

    @Test(arguments: [
        (TransactionState.empty, ErrorCode.invalidTransactionState, ErrorCode.invalidTransactionState),
        (.prepareCommit, .concurrentTransactions, .invalidTransactionState),
        (.prepareAbort, .invalidTransactionState, .concurrentTransactions),
        (.completeCommit, .none, .invalidTransactionState),
        (.completeAbort, .invalidTransactionState, .none),
    ]) func `a second end is answered as the first`(state: TransactionState, commit: ErrorCode, abort: ErrorCode) throws
    {
        var transaction = try registered()
        transaction.state = state
        let producer = transaction.producer
        #expect(transaction.end(committing: true, by: producer, now: 0) == .answer(commit))
        #expect(transaction.end(committing: false, by: producer, now: 0) == .answer(abort))
    }

    @Test(arguments: TransactionState.allCases) func `another producer id or epoch is refused in every state`(
        state: TransactionState
    ) throws {
        var transaction = try registered(epochs: 2)
        transaction.state = state
        let requests: [(Transaction.Producer) -> TransactionDecision] = [
            { transaction.add([partition], by: $0, now: 0) }, { transaction.add(groups: ["g"], by: $0, now: 0) },
            { transaction.end(committing: true, by: $0, now: 0) },
        ]
        for request in requests {
            #expect(request(Producer(id: 8, epoch: 1)) == .answer(.invalidProducerIDMapping))
            #expect(request(Producer(id: 7, epoch: 0)) == .answer(.producerFenced))
            #expect(request(Producer(id: 7, epoch: 2)) == .answer(.producerFenced))
        }
    }

    @Test func `a transaction that lasts too long is aborted and its owner shut out`() throws {
        let open = try ongoing(now: 100)
        #expect(open.deadline(configuration) == 1_100)
        #expect(open.tick(now: 1_099, configuration) == .answer(.none))
        let aborting = try finish(open.tick(now: 1_100, configuration))
        #expect(aborting.state == .prepareAbort && aborting.producer.epoch == open.producer.epoch + 1)
        let done = aborting.completed(now: 1_200)
        #expect(done.state == .completeAbort)
        for late in [aborting, done] {
            #expect(late.end(committing: true, by: open.producer, now: 1_300) == .answer(.producerFenced))
            #expect(late.end(committing: false, by: open.producer, now: 1_300) == .answer(.producerFenced))
        }
        #expect(try decide(done, expected: open.producer) == .answer(.producerFenced))
    }

    @Test func `an id is forgotten when nobody uses it, but not while its transaction is open or prepared`() throws {
        let idle = try registered()
        #expect(idle.tick(now: configuration.expiration - 1, configuration) == .answer(.none))
        #expect(idle.tick(now: configuration.expiration, configuration) == .forget)
        var open = try ongoing()
        open.timeout = Int32.max
        open.startedAt = configuration.expiration
        #expect(open.tick(now: configuration.expiration, configuration) == .answer(.none))
        let ending = try finish(open.end(committing: false, by: open.producer, now: 0))
        #expect(ending.tick(now: configuration.expiration * 2, configuration) == .answer(.none))
        #expect(ending.completed(now: 5).tick(now: configuration.expiration + 5, configuration) == .forget)
    }

    @Test func `everything of an id comes back from the log's record`() throws {
        var transaction = try change(ongoing().add([other], groups: ["g", "h"], by: Producer(id: 7, epoch: 0), now: 9))
        transaction.predecessor = Producer(id: 3, epoch: 4)
        for record in [TransactionLogRecord.standing(transaction), .forgotten("x")] {
            var writer = ProtocolWriter()
            record.write(to: &writer)
            var reader = ProtocolReader(writer.buffer)
            #expect(try TransactionLogRecord(from: &reader) == record)
            #expect(reader.remaining == 0)
            for length in 0..<writer.buffer.readableBytes {
                var cut = ProtocolReader(try #require(writer.buffer.getSlice(at: 0, length: length)))
                #expect(throws: ProtocolError.self) { try TransactionLogRecord(from: &cut) }
            }
        }
    }
}
