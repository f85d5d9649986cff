import Logging

extension TransactionCoordinator {
    /// Everything that transactions answer, and InitProducerId also without one.
    package nonisolated func register(on router: inout RequestRouter) {
        router.on(InitProducerIDRequest.self) { request, context in
            var response = await self.initialise(request)
            response.error = response.error.told(context.version, fencedSince: 4)
            return response
        }
        router.on(AddPartitionsToTransactionRequest.self) { request, _ in await self.add(request) }
        router.on(AddOffsetsToTransactionRequest.self) { request, _ in await self.add(request) }
        router.on(TransactionOffsetCommitRequest.self) { request, _ in await self.commitOffsets(request) }
        router.on(EndTransactionRequest.self) { request, _ in await self.end(request) }
    }

    func initialise(_ request: InitProducerIDRequest) async -> InitProducerIDResponse {
        do {
            guard let id = request.transactionalID else {
                return InitProducerIDResponse(producerID: try surroundings.newProducerID(), producerEpoch: 0)
            }
            if id.isEmpty { return InitProducerIDResponse(error: .invalidRequest) }
            guard (1...configuration.maximumTimeout).contains(request.transactionTimeoutMilliseconds) else {
                return InitProducerIDResponse(error: .invalidTransactionTimeout)
            }
            let expected = Transaction.Producer(id: request.producerID, epoch: request.producerEpoch)
            if (expected.id < 0) != (expected.epoch < 0) { return InitProducerIDResponse(error: .invalidRequest) }
            return try await initialise(
                id, timeout: request.transactionTimeoutMilliseconds, expected: expected.id < 0 ? nil : expected)
        } catch {
            logger.error("no producer id", metadata: ["error": "\(error)"])
            return InitProducerIDResponse(error: .storageError)
        }
    }

    /// An open transaction of the predecessor is ended first. If that cannot be done at once, the client asks again.
    private func initialise(
        _ id: String, timeout: Int32, expected: Transaction.Producer?
    ) async throws(BrokerError) -> InitProducerIDResponse {
        for _ in 0..<2 {
            let now = surroundings.now()
            if transactions[id] == nil, transactions.count >= configuration.maximumIDs {
                return InitProducerIDResponse(error: .coordinatorNotAvailable)
            }
            let transaction: Transaction
            if let known = transactions[id] {
                transaction = known
            } else {
                transaction = Transaction(
                    id: id, producerID: try surroundings.newProducerID(), timeout: timeout, now: now)
            }
            let decision = try transaction.initialise(
                timeout: timeout, expected: expected, now: now, newProducerID: surroundings.newProducerID)
            let error = await perform(decision, on: id)
            if case .finish = decision, error == .none { continue }
            guard error == .none, let standing = transactions[id] else { return InitProducerIDResponse(error: error) }
            surroundings.passed(.registered)
            return InitProducerIDResponse(
                producerID: standing.producer.id, producerEpoch: standing.producer.epoch)
        }
        return InitProducerIDResponse(error: .concurrentTransactions)
    }

    func add(_ request: AddPartitionsToTransactionRequest) async -> AddPartitionsToTransactionResponse {
        let wanted = request.topics.flatMap { topic in
            topic.partitions.map { Transaction.Partition(topic: topic.name, index: $0) }
        }
        let unknown = Set(wanted.filter { surroundings.partition($0) == nil })
        var error = ErrorCode.operationNotAttempted
        if unknown.isEmpty {
            let partitions = Set(wanted)
            error = await change(request.transactionalID) { transaction, now in
                transaction.add(partitions, by: request.producer, now: now)
            }
            if error == .none, let transaction = transactions[request.transactionalID] {
                surroundings.passed(.added)
                // Also those that took part already: a topic may be another one of the same name by now.
                admit(partitions, to: transaction)
            }
        }
        return AddPartitionsToTransactionResponse(
            topics: request.topics.map { topic in
                let partitions = topic.partitions.map { index in
                    let isUnknown = unknown.contains(Transaction.Partition(topic: topic.name, index: index))
                    return (index: index, error: isUnknown ? ErrorCode.unknownTopicOrPartition : error)
                }
                return (name: topic.name, partitions: partitions)
            })
    }

    func add(_ request: AddOffsetsToTransactionRequest) async -> AddOffsetsToTransactionResponse {
        if request.groupID.isEmpty { return AddOffsetsToTransactionResponse(error: .invalidGroupID) }
        let error = await change(request.transactionalID) { transaction, now in
            transaction.add(groups: [request.groupID], by: request.producer, now: now)
        }
        guard error == .none else { return AddOffsetsToTransactionResponse(error: error) }
        surroundings.passed(.added)
        // Until the group knows, nothing may end the transaction: the group would admit the producer after the end.
        busy.insert(request.transactionalID)
        await groups.beginTransaction(of: request.producer, in: request.groupID)
        busy.remove(request.transactionalID)
        return AddOffsetsToTransactionResponse(error: .none)
    }

    func commitOffsets(_ request: TransactionOffsetCommitRequest) async -> TransactionOffsetCommitResponse {
        let error =
            transactions[request.transactionalID]?.admitOffsets(of: request.groupID, by: request.producer)
            ?? .invalidProducerIDMapping
        guard error == .none else {
            return TransactionOffsetCommitResponse(
                topics: request.topics.map { topic in
                    (name: topic.name, partitions: topic.partitions.map { (index: $0.index, error: error) })
                })
        }
        return await groups.stage(request)
    }

    func end(_ request: EndTransactionRequest) async -> EndTransactionResponse {
        let error = await change(request.transactionalID) { transaction, now in
            transaction.end(committing: request.isCommitting, by: request.producer, now: now)
        }
        return EndTransactionResponse(error: error)
    }

    private func change(
        _ id: String, _ event: (Transaction, Int64) -> TransactionDecision
    ) async -> ErrorCode {
        if id.isEmpty { return .invalidRequest }
        guard let transaction = transactions[id] else { return .invalidProducerIDMapping }
        return await perform(event(transaction, surroundings.now()), on: id)
    }
}
