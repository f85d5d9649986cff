extension Group {
    var description: GroupDescription {
        let isStable = state == .stable
        return GroupDescription(
            id: id, state: state, protocolType: protocolType ?? "", protocolName: isStable ? protocolName ?? "" : "",
            members: membersInOrder.map { member in
                GroupDescription.Member(
                    id: member.id, instanceID: member.instanceID, clientID: member.clientID,
                    clientHost: member.clientHost, metadata: isStable ? member.metadata(for: protocolName ?? "") : [],
                    assignment: isStable ? member.assignment : [])
            })
    }
}
