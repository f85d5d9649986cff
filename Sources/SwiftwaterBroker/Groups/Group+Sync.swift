extension Group {
    /// A SyncGroup; a follower's is held until the leader's has come.
    mutating func sync(_ request: SyncRequest, as held: HeldRequest, now: Duration) -> [GroupAction] {
        if let error = refusal(of: request) {
            actions.append(.answerSync(held, .failed(error)))
            return takeActions()
        }
        awaitedSync?.members.remove(request.memberID)
        if awaitedSync?.members.isEmpty == true { awaitedSync = nil }
        switch state {
        case .empty, .dead:
            actions.append(.answerSync(held, .failed(.unknownMemberID)))
        case .preparingRebalance:
            actions.append(.answerSync(held, .failed(.rebalanceInProgress)))
        case .completingRebalance:
            if let forgotten = members[request.memberID]?.heldSync {
                actions.append(.answerSync(forgotten, .failed(.rebalanceInProgress)))
            }
            members[request.memberID]?.heldSync = held
            if request.memberID == leader { spread(request.assignments, now: now) }
        case .stable:
            extendSession(of: request.memberID, now: now)
            actions.append(.answerSync(held, assignment(of: request.memberID)))
        }
        return takeActions()
    }

    private func refusal(of request: SyncRequest) -> ErrorCode? {
        if let error = identityError(memberID: request.memberID, instanceID: request.instanceID) { return error }
        if request.generation != generation { return .illegalGeneration }
        if let type = request.protocolType, type != protocolType { return .inconsistentGroupProtocol }
        if let name = request.protocolName, name != protocolName { return .inconsistentGroupProtocol }
        return nil
    }

    private func assignment(of memberID: String) -> SyncAnswer {
        SyncAnswer(
            error: .none, protocolType: protocolType, protocolName: protocolName,
            assignment: members[memberID]?.assignment ?? [])
    }

    private mutating func spread(_ assignments: [String: [UInt8]], now: Duration) {
        if assignments.values.contains(where: { $0.count > configuration.maximumMemberMetadata }) {
            failHeldSyncs(.unknownServerError, now: now)
            prepareRebalance(now: now)
            return
        }
        state = .stable
        for member in membersInOrder { members[member.id]?.assignment = assignments[member.id] ?? [] }
        if let membership { actions.append(.recordMembership(membership)) }
        for member in membersInOrder {
            guard let sync = member.heldSync else { continue }
            members[member.id]?.heldSync = nil
            extendSession(of: member.id, now: now)
            actions.append(.answerSync(sync, assignment(of: member.id)))
        }
    }
}
