extension Group {
    /// What a member of this generation is told when it joins; the leader also gets the subscriptions.
    func currentGeneration(for memberID: String) -> JoinAnswer {
        JoinAnswer(
            error: .none, generation: generation, protocolType: protocolType, protocolName: protocolName,
            leader: leader ?? "", skipAssignment: false, memberID: memberID,
            members: memberID == leader ? subscriptions : [])
    }

    private var subscriptions: [JoinAnswer.Member] {
        membersInOrder.map { member in
            JoinAnswer.Member(
                id: member.id, instanceID: member.instanceID, metadata: member.metadata(for: protocolName ?? ""))
        }
    }

    /// The protocol that all support and most prefer; between equals, that of the member that came first.
    var selectedProtocol: String? {
        let ordered = membersInOrder
        guard let first = ordered.first else { return nil }
        let candidates = Set(first.protocols.map(\.name).filter { name in ordered.allSatisfy { $0.supports(name) } })
        var votes: [String: Int] = [:]
        for member in ordered { member.vote(among: candidates).map { votes[$0, default: 0] += 1 } }
        let most = votes.values.max()
        return ordered.lazy.compactMap { $0.vote(among: candidates) }.first { votes[$0] == most }
    }

    /// Everyone is asked to join again, if that is not so already.
    mutating func prepareRebalance(now: Duration) {
        guard state != .preparingRebalance else { return }
        if state == .completingRebalance { failHeldSyncs(.rebalanceInProgress, now: now) }
        awaitedSync = nil
        let timeout = members.values.map(\.rebalanceTimeout).max() ?? .zero
        let delay = min(configuration.initialRebalanceDelay, timeout)
        if state == .empty, delay > .zero {
            rebalance = Rebalance(deadline: now + delay, extendable: timeout - delay)
        } else {
            rebalance = Rebalance(deadline: now + timeout)
        }
        state = .preparingRebalance
        completeIfAllJoined(now: now)
    }

    mutating func completeIfAllJoined(now: Duration) {
        guard state == .preparingRebalance, rebalance?.extendable == nil, pendingMembers.isEmpty,
            members.values.allSatisfy({ $0.heldJoin != nil })
        else { return }
        beginGeneration(now: now)
    }

    /// The time for joining is over.
    mutating func endRebalanceWait(now: Duration) {
        if let wait = rebalance, let extendable = wait.extendable, wait.hasNewcomer, extendable > .zero {
            let delay = min(configuration.initialRebalanceDelay, extendable)
            rebalance = Rebalance(deadline: now + delay, extendable: extendable - delay)
            return
        }
        // Static members keep their place until their session ends.
        for member in membersInOrder where member.heldJoin == nil && member.instanceID == nil {
            remove(member.id)
        }
        if let leader, members[leader]?.heldJoin == nil {
            let successor = membersInOrder.first { $0.heldJoin != nil }
            guard successor != nil || members.isEmpty else {
                // Only absent static members are left: wait until their sessions end or one is back.
                let timeout = members.values.map(\.rebalanceTimeout).max() ?? .zero
                rebalance = Rebalance(deadline: now + max(timeout, .seconds(1)))
                return
            }
            self.leader = successor?.id
        }
        beginGeneration(now: now)
    }

    private mutating func beginGeneration(now: Duration) {
        rebalance = nil
        generation = generation == .max ? 1 : generation + 1
        guard !members.isEmpty else {
            protocolName = nil
            leader = nil
            state = .empty
            vacantSince = now
            actions.append(.recordGeneration(generation, protocolType: protocolType ?? ""))
            return
        }
        protocolName = selectedProtocol
        state = .completingRebalance
        actions.append(.recordGeneration(generation, protocolType: protocolType ?? ""))
        let timeout = members.values.map(\.rebalanceTimeout).max() ?? .zero
        awaitedSync = AwaitedSync(deadline: now + timeout, members: Set(members.keys))
        for member in membersInOrder {
            members[member.id]?.isNew = false
            members[member.id]?.heldJoin = nil
            extendSession(of: member.id, now: now)
            if let join = member.heldJoin { actions.append(.answerJoin(join, currentGeneration(for: member.id))) }
        }
    }

    /// Those who have not asked for their assignment in all this time are gone, even if their heartbeats go on.
    mutating func endAwaitedSync(now: Duration) {
        guard let absent = awaitedSync?.members else { return }
        awaitedSync = nil
        guard !absent.isEmpty, state == .completingRebalance || state == .stable else { return }
        for member in membersInOrder where absent.contains(member.id) { remove(member.id) }
        prepareRebalance(now: now)
    }

    /// Nobody has an assignment of this generation any more. Those who waited for one could not heartbeat: their sessions begin anew.
    mutating func failHeldSyncs(_ error: ErrorCode, now: Duration) {
        for member in membersInOrder {
            members[member.id]?.assignment = []
            members[member.id]?.heldSync = nil
            guard let sync = member.heldSync else { continue }
            extendSession(of: member.id, now: now)
            actions.append(.answerSync(sync, .failed(error)))
        }
    }
}
