internal import Foundation
internal import Logging
internal import RDKafka
internal import Swiftwater

extension StreamThread {
    // MARK: Joining

    /// Waits until nobody with another plan is in the group, then subscribes to the leads.
    func join() throws {
        let deadline = clock.now + configuration.peerTimeout
        var isLogged = false
        while !context.shouldStop {
            let group = try describeGroup()
            let others = group.map { agreement.differentPlans(in: $0) } ?? []
            if group != nil, others.isEmpty { break }
            if !others.isEmpty { report(.waitingForPeers) }
            if !isLogged, !others.isEmpty {
                isLogged = true
                logger.warning(
                    "members with another topology hold the group; waiting until they are gone",
                    metadata: [
                        "own plan": "\(ClientID.text(of: agreement.own))",
                        "their plans": "\(others.map(ClientID.text).joined(separator: ", "))",
                    ]
                )
            }
            guard clock.now < deadline else {
                guard group != nil else {
                    throw StreamsError(
                        .brokerUnreachable,
                        "the group \(plan.applicationID) could not be described for \(configuration.peerTimeout)")
                }
                throw StreamsError(
                    .differentPlans,
                    """
                    members with another topology held the group \(plan.applicationID) for \(configuration.peerTimeout): stop \
                    them first, or give this topology another application id
                    """
                )
            }
            try waitOutside(.milliseconds(200))
        }
        // A member that is told to stop while it waits disturbs nobody.
        if context.shouldStop { return }
        do throws(KafkaError) {
            try consumer.subscribe(plan.leads)
        } catch {
            throw StreamsError(.brokerUnreachable, "cannot join the group \(plan.applicationID)", cause: error)
        }
        membership = .joining
    }

    /// Waits, and answers what the group still asks of a member that leaves: without the answer librdkafka stays a member, and
    /// two that leave at the same time wait for each other.
    private func waitOutside(_ time: Duration) throws {
        let end = clock.now + time
        repeat {
            do throws(KafkaError) {
                _ = try consumer.poll(timeout: max(.zero, clock.now.duration(to: end))) { _ in }
            } catch {
                throw StreamsError(.brokerUnreachable, "cannot wait for the group \(plan.applicationID)", cause: error)
            }
            while let event = consumer.nextEvent() {
                switch event {
                case .assigned: try readNothing()
                case .revoked: try giveBackInputs()
                case .failed(let error, _), .client(.failed(let error)):
                    if error.isFatal {
                        throw StreamsError(.brokerUnreachable, "the consumer failed for good", cause: error)
                    }
                case .committed, .endOfPartition, .client: break
                }
            }
        } while clock.now < end
    }

    /// Asks for the other members' plans until all are the same (Design/Runtime.md).
    func verifyPeers() throws {
        guard case .verifying(let since) = membership else { return }
        guard let group = try describeGroup() else { return keepPlace(.milliseconds(50)) }
        let patience = clock.now - since < configuration.sessionTimeout
        switch agreement.verdict(on: group, memberID: consumer.memberID, hasPatience: patience) {
        case .agreed:
            membership = .agreed
            agreement.isEstablished = true
        case .wait: keepPlace(.milliseconds(50))
        case .leave:
            closeTasks(Array(tasks.keys))
            unopened = []
            membership = .outside
            do throws(KafkaError) {
                try consumer.assign([])
                try consumer.unsubscribe()
            } catch {
                throw StreamsError(.brokerUnreachable, "cannot leave the group \(plan.applicationID)", cause: error)
            }
            try join()
        }
    }

    /// Nil if the group cannot be described just now.
    private func describeGroup() throws -> GroupDescription? {
        do throws(KafkaError) {
            let groups = try context.admin.describeGroups(
                [plan.applicationID], timeout: patience)
            guard let group = groups.first else { return nil }
            if let error = group.error { throw error }
            return group
        } catch  where error.isRetriable {
            logger.debug("the group cannot be described yet", metadata: ["error": "\(error)"])
        } catch {
            throw StreamsError(.brokerUnreachable, "cannot describe the group \(plan.applicationID)", cause: error)
        }
        return nil
    }

    // MARK: Rebalances

    func answerEvents() throws {
        while let event = consumer.nextEvent() {
            switch event {
            case .assigned(let partitions): try assigned(partitions)
            case .revoked(_, let lost): try revoked(lost: lost || consumer.assignmentLost)
            case .endOfPartition(_, let number, let offset): reachedEnd(number, offset)
            case .failed(let error, let partition): try failed(error, partition)
            case .committed: break
            case .client(.failed(let error)):
                if error.isFatal {
                    throw StreamsError(.brokerUnreachable, "the consumer failed for good", cause: error)
                }
                logger.info("consumer: \(error)")
            case .client: break
            }
        }
    }

    private func assigned(_ partitions: [KafkaPartition]) throws {
        let ids = Set(partitions.compactMap { plan.task(ledBy: InputPartition($0.topic, $0.partition)) })
        logger.info("tasks assigned", metadata: ["tasks": "\(ids.sorted().map(\.description).joined(separator: " "))"])
        // Nothing is read before the plans agree; inputs are assigned as tasks become ready.
        try readNothing()
        closeTasks(tasks.keys.filter { !ids.contains($0) })
        unopened = ids
        groupMetadata = try metadataOfGeneration()
        CrashPoint.afterAssign.pass()
        membership = .verifying(since: clock.now)
    }

    private func revoked(lost: Bool) throws {
        logger.info(lost ? "tasks lost" : "tasks revoked", metadata: ["tasks": "\(tasks.count)"])
        CrashPoint.onRevoke.pass()
        var failure: (any Error)?
        if lost {
            try closeDirty("the assignment was lost")
        } else {
            do {
                let outcome = try commit(limit: configuration.maximumPollInterval / 3)
                if outcome != .done { try closeDirty("the commit was \(outcome) in the rebalance") }
            } catch {
                failure = error
                try closeDirty("the commit failed in the rebalance")
            }
        }
        CrashPoint.afterRevokeCommit.pass()
        suspendTasks()
        unopened = []
        groupMetadata = nil
        membership = .joining
        try giveBackInputs()
        if let failure { try recover(from: failure) }
    }

    private func metadataOfGeneration() throws -> GroupMetadata {
        do throws(KafkaError) {
            return try consumer.groupMetadata()
        } catch {
            throw StreamsError(.brokerUnreachable, "cannot learn the generation of the group", cause: error)
        }
    }

    /// The answer to a rebalance that gives tasks, before anything is read. Not `unassign`: after that librdkafka still waits for an
    /// answer, and neither rejoins nor leaves meanwhile.
    private func readNothing() throws {
        do throws(KafkaError) {
            try consumer.assign([])
        } catch {
            throw StreamsError(.brokerUnreachable, "cannot take the assignment", cause: error)
        }
    }

    /// Reads nothing any more; the answer to a rebalance that takes tasks away.
    func giveBackInputs() throws {
        do throws(KafkaError) {
            try consumer.unassign()
        } catch {
            throw StreamsError(.brokerUnreachable, "cannot give the assignment back", cause: error)
        }
    }

    private func isRead(_ partition: KafkaPartition) -> Bool {
        let input = InputPartition(partition.topic, partition.partition)
        return tasks.values.contains { $0.phase == .running && $0.positions[input] != nil }
    }

    private func failed(_ error: KafkaError, _ partition: KafkaPartition?) throws {
        switch error.code {
        case .noValidOffset, .offsetOutOfRange:
            // One that stood still is told of records that others have processed and purged meanwhile.
            try noticeFreeze()
            guard let partition, isRead(partition) else {
                return logger.info("consumer: \(error), of what is not read any more")
            }
            throw StreamsError(
                .offsets,
                """
                the next record to be read is gone (expired or deleted): go on at another offset by resetting the application's \
                group, or give it another application id
                """,
                at: .init(topic: partition.topic, partition: partition.partition),
                cause: error
            )
        case .unknownTopicOrPartition, .localUnknownTopic, .localUnknownPartition:
            throw StreamsError(
                .missingTopic,
                "a topic that the application reads was deleted",
                at: .init(topic: partition?.topic),
                cause: error
            )
        default:
            if error.isFatal { throw StreamsError(.brokerUnreachable, "the consumer failed for good", cause: error) }
            logger.info("consumer: \(error)")
        }
    }
}
