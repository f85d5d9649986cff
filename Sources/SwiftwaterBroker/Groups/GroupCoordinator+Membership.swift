extension GroupCoordinator {
    func join(_ request: JoinGroupRequest, context: RequestContext) async -> JoinGroupResponse {
        func refuse(_ error: ErrorCode) -> JoinGroupResponse {
            JoinGroupResponse(answer: .failed(error, memberID: request.memberID))
        }
        if request.groupID.isEmpty { return refuse(.invalidGroupID) }
        if groups[request.groupID] == nil {
            if !request.memberID.isEmpty { return refuse(.unknownMemberID) }
            if groups.count >= configuration.maximumGroups { return refuse(.coordinatorNotAvailable) }
        }
        let event = JoinRequest(
            memberID: request.memberID, instanceID: request.instanceID, clientID: context.clientID,
            clientHost: context.clientHost, sessionTimeout: .milliseconds(request.sessionTimeout),
            rebalanceTimeout: .milliseconds(max(0, request.rebalanceTimeout)), protocolType: request.protocolType,
            protocols: request.protocols, requiresKnownMember: context.version >= 4,
            canSkipAssignment: context.version >= 9)
        let uniqueID = Self.uniqueID()
        let answer = await heldJoin { coordinator, held in
            coordinator.withGroup(request.groupID) { group, now in
                ((), group.join(event, as: held, uniqueID: uniqueID, now: now))
            }
        }
        compactIfDue()
        return JoinGroupResponse(answer: answer)
    }

    func sync(_ request: SyncGroupRequest) async -> SyncGroupResponse {
        if request.groupID.isEmpty { return SyncGroupResponse(answer: .failed(.invalidGroupID)) }
        guard groups[request.groupID] != nil else { return SyncGroupResponse(answer: .failed(.unknownMemberID)) }
        let answer = await heldSync { coordinator, held in
            coordinator.withGroup(request.groupID) { group, now in
                ((), group.sync(request.sync, as: held, now: now))
            }
        }
        return SyncGroupResponse(answer: answer)
    }

    func heartbeat(_ request: HeartbeatRequest) -> HeartbeatResponse {
        if request.groupID.isEmpty { return HeartbeatResponse(error: .invalidGroupID) }
        let now = now
        let error = groups[request.groupID]?.heartbeat(
            memberID: request.memberID, instanceID: request.instanceID, generation: request.generation, now: now)
        return HeartbeatResponse(error: error ?? .unknownMemberID)
    }

    func leave(_ request: LeaveGroupRequest) -> LeaveGroupResponse {
        if request.groupID.isEmpty { return LeaveGroupResponse(error: .invalidGroupID, members: []) }
        let errors =
            groups[request.groupID] == nil
            ? request.members.map { _ in .unknownMemberID }
            : withGroup(request.groupID) { group, now in group.leave(request.members, now: now) }
        return LeaveGroupResponse(error: .none, members: Array(zip(request.members, errors)))
    }

    /// In the form of a UUID, as in Kafka's member ids.
    private static func uniqueID() -> String {
        func hexadecimal(_ digits: Int) -> String {
            String((0..<digits).map { _ in "0123456789abcdef".randomElement() ?? "0" })
        }
        return [8, 4, 4, 4, 12].map(hexadecimal).joined(separator: "-")
    }
}
