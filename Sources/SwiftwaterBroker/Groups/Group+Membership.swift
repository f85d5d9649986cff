extension Group {
    mutating func heartbeat(memberID: String, instanceID: String?, generation: Int32, now: Duration) -> ErrorCode {
        if let error = identityError(memberID: memberID, instanceID: instanceID) { return error }
        if generation != self.generation { return .illegalGeneration }
        extendSession(of: memberID, now: now)
        // Those who have joined and not synced yet are welcome to beat: they are on their way.
        return state == .preparingRebalance ? .rebalanceInProgress : .none
    }

    /// Each member's answer stands at its place.
    mutating func leave(_ leaving: [LeavingMember], now: Duration) -> (errors: [ErrorCode], actions: [GroupAction]) {
        let errors = leaving.map { leave($0, now: now) }
        return (errors, takeActions())
    }

    private mutating func leave(_ leaving: LeavingMember, now: Duration) -> ErrorCode {
        if leaving.memberID.isEmpty {
            guard let memberID = leaving.instanceID.flatMap({ staticMembers[$0] }) else { return .unknownMemberID }
            expel(memberID, now: now)
            return .none
        }
        if pendingMembers[leaving.memberID] != nil {
            removePending(leaving.memberID, now: now)
            return .none
        }
        if let error = identityError(memberID: leaving.memberID, instanceID: leaving.instanceID) { return error }
        expel(leaving.memberID, now: now)
        return .none
    }

    /// Whether a commit may be done now; one that may is a sign of life.
    mutating func admitCommit(memberID: String, instanceID: String?, generation: Int32, now: Duration) -> ErrorCode {
        if generation < 0, memberID.isEmpty, instanceID == nil {
            // A consumer that assigns itself. Beside members, its commits would overwrite theirs.
            return state == .empty ? .none : .unknownMemberID
        }
        if let error = identityError(memberID: memberID, instanceID: instanceID) { return error }
        if generation != self.generation { return .illegalGeneration }
        if state == .completingRebalance { return .rebalanceInProgress }
        extendSession(of: memberID, now: now)
        return .none
    }

    /// Whether offsets may be staged in a transaction now. Without a member and generation they may at any time, since producers of
    /// older versions tell none; and a rebalance that completes does not stop those that tell them, as it does a plain commit.
    mutating func admitTransactionalCommit(
        memberID: String, instanceID: String?, generation: Int32, now: Duration
    ) -> ErrorCode {
        if generation < 0, state == .empty || (memberID.isEmpty && instanceID == nil) { return .none }
        if let error = identityError(memberID: memberID, instanceID: instanceID) { return error }
        if generation != self.generation { return .illegalGeneration }
        extendSession(of: memberID, now: now)
        return .none
    }

    /// The member is gone: its held requests are answered and the others share its work.
    mutating func expel(_ memberID: String, now: Duration) {
        remove(memberID)
        switch state {
        case .empty, .dead: break
        case .stable, .completingRebalance: prepareRebalance(now: now)
        case .preparingRebalance: completeIfAllJoined(now: now)
        }
    }

    mutating func removePending(_ memberID: String, now: Duration) {
        pendingMembers[memberID] = nil
        completeIfAllJoined(now: now)
    }

    mutating func remove(_ memberID: String) {
        guard let member = members.removeValue(forKey: memberID) else { return }
        if let join = member.heldJoin {
            // A client that is still there joins once more.
            actions.append(.answerJoin(join, .failed(.unknownMemberID, memberID: "")))
        }
        if let sync = member.heldSync { actions.append(.answerSync(sync, .failed(.unknownMemberID))) }
        if let instanceID = member.instanceID, staticMembers[instanceID] == memberID { staticMembers[instanceID] = nil }
        awaitedSync?.members.remove(memberID)
        if leader == memberID { leader = membersInOrder.first?.id }
    }
}
