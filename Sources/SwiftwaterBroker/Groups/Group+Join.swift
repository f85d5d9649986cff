extension Group {
    /// A JoinGroup; its answer may come with a later event.
    ///
    /// - Parameter uniqueID: what makes a new member's id unlike all others; used if one is needed.
    mutating func join(
        _ request: JoinRequest, as held: HeldRequest, uniqueID: String, now: Duration
    ) -> [GroupAction] {
        if let error = refusal(of: request) {
            answer(held, .failed(error, memberID: error == .groupMaxSizeReached ? "" : request.memberID))
        } else if request.memberID.isEmpty {
            admitNewcomer(
                request, held: held, memberID: "\(request.instanceID ?? request.clientID)-\(uniqueID)", now: now)
        } else if pendingMembers[request.memberID] != nil, request.instanceID == nil {
            add(request, memberID: request.memberID, held: held, now: now)
        } else if let error = identityError(memberID: request.memberID, instanceID: request.instanceID) {
            answer(held, .failed(error, memberID: request.memberID))
        } else {
            rejoin(request, held: held, now: now)
        }
        completeIfAllJoined(now: now)
        return takeActions()
    }

    private func refusal(of request: JoinRequest) -> ErrorCode? {
        let limits = configuration.minimumSessionTimeout...configuration.maximumSessionTimeout
        if !limits.contains(request.sessionTimeout) { return .invalidSessionTimeout }
        if request.protocols.reduce(0, { $0 + $1.name.utf8.count + $1.metadata.count })
            > configuration.maximumMemberMetadata
        {
            return .invalidRequest
        }
        if !hasRoom(for: request) { return .groupMaxSizeReached }
        if !supports(request) { return .inconsistentGroupProtocol }
        return nil
    }

    /// Whoever has a place, or has been promised one, keeps it; the limit is for newcomers.
    private func hasRoom(for request: JoinRequest) -> Bool {
        members[request.memberID] != nil || pendingMembers[request.memberID] != nil
            || request.instanceID.flatMap { staticMembers[$0] } != nil
            || members.count + pendingMembers.count < configuration.maximumSize
    }

    /// Any protocol will do for a group without members; a later member must support one that all the others do.
    private func supports(_ request: JoinRequest) -> Bool {
        if members.isEmpty { return !request.protocolType.isEmpty && !request.protocols.isEmpty }
        return protocolType == request.protocolType
            && request.protocols.contains { offered in members.values.allSatisfy { $0.supports(offered.name) } }
    }

    private mutating func admitNewcomer(_ request: JoinRequest, held: HeldRequest, memberID: String, now: Duration) {
        if let instanceID = request.instanceID {
            if let predecessor = staticMembers[instanceID] {
                replace(predecessor, by: memberID, request: request, held: held, now: now)
            } else {
                add(request, memberID: memberID, held: held, now: now)
            }
        } else if request.requiresKnownMember {
            pendingMembers[memberID] = now + request.sessionTimeout
            answer(held, .failed(.memberIDRequired, memberID: memberID))
        } else {
            add(request, memberID: memberID, held: held, now: now)
        }
    }

    private mutating func add(_ request: JoinRequest, memberID: String, held: HeldRequest, now: Duration) {
        pendingMembers[memberID] = nil
        if members.isEmpty { protocolType = request.protocolType }
        members[memberID] = GroupMember(
            id: memberID, instanceID: request.instanceID, clientID: request.clientID, clientHost: request.clientHost,
            sessionTimeout: request.sessionTimeout, rebalanceTimeout: request.rebalanceTimeout,
            protocols: request.protocols, heldJoin: held, deadline: now + configuration.newMemberJoinTimeout,
            order: arrivals)
        arrivals += 1
        if leader == nil { leader = memberID }
        if let instanceID = request.instanceID { staticMembers[instanceID] = memberID }
        rebalance?.hasNewcomer = true
        prepareRebalance(now: now)
    }

    private mutating func rejoin(_ request: JoinRequest, held: HeldRequest, now: Duration) {
        let isUnchanged = members[request.memberID]?.protocols == request.protocols
        switch state {
        case .completingRebalance where isUnchanged:
            // It did not get the answer to its JoinGroup of this generation.
            extendSession(of: request.memberID, now: now)
            answer(held, currentGeneration(for: request.memberID))
        case .stable where isUnchanged && request.memberID != leader:
            extendSession(of: request.memberID, now: now)
            answer(held, currentGeneration(for: request.memberID))
        case .preparingRebalance, .completingRebalance, .stable:
            update(request.memberID, from: request, held: held)
            prepareRebalance(now: now)
        case .empty, .dead:
            answer(held, .failed(.unknownMemberID, memberID: request.memberID))
        }
    }

    private mutating func update(_ memberID: String, from request: JoinRequest, held: HeldRequest) {
        guard var member = members[memberID] else { return }
        if let forgotten = member.heldJoin {
            // The client gave up waiting and asks again.
            answer(forgotten, .failed(.rebalanceInProgress, memberID: memberID))
        }
        member.protocols = request.protocols
        member.sessionTimeout = request.sessionTimeout
        member.rebalanceTimeout = request.rebalanceTimeout
        member.clientID = request.clientID
        member.clientHost = request.clientHost
        member.heldJoin = held
        members[memberID] = member
    }

    /// A static member is back under a new id: it takes its predecessor's place, and whoever still uses the old id is fenced.
    private mutating func replace(
        _ oldID: String, by newID: String, request: JoinRequest, held: HeldRequest, now: Duration
    ) {
        guard var member = members.removeValue(forKey: oldID) else { return }
        if let join = member.heldJoin { answer(join, .failed(.fencedInstanceID, memberID: oldID)) }
        if let sync = member.heldSync { actions.append(.answerSync(sync, .failed(.fencedInstanceID))) }
        let leaderBefore = leader
        member.id = newID
        member.heldJoin = nil
        member.heldSync = nil
        members[newID] = member
        if let instanceID = request.instanceID { staticMembers[instanceID] = newID }
        if leader == oldID { leader = newID }
        if awaitedSync?.members.remove(oldID) != nil { awaitedSync?.members.insert(newID) }
        update(newID, from: request, held: held)
        extendSession(of: newID, now: now)

        guard state == .stable, selectedProtocol == protocolName else {
            // The leader may have assigned something to the old id already: in any state but Stable all start over.
            prepareRebalance(now: now)
            return
        }
        members[newID]?.heldJoin = nil
        var current = currentGeneration(for: newID)
        if leader == newID, request.canSkipAssignment {
            current.skipAssignment = true
        } else {
            // Told the old leader's id, a returning leader does not take itself for one and computes no assignment
            // that a stable group would not spread anyway.
            current.leader = leaderBefore ?? ""
            current.members = []
        }
        answer(held, current)
    }

    private mutating func answer(_ held: HeldRequest, _ answer: JoinAnswer) {
        actions.append(.answerJoin(held, answer))
    }
}
