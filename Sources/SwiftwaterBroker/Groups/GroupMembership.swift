import NIOCore

/// The members of a stable generation as they are written down, so that a restart of the broker disturbs nobody: members go on with
/// their heartbeats and commits, and one that does not is expelled at its session time-out, before anyone is given its work.
struct GroupMembership: Equatable, Sendable {
    struct Member: Equatable, Sendable {
        var id: String
        var instanceID: String?
        var clientID: String
        var clientHost: String
        var sessionTimeout: Duration
        var rebalanceTimeout: Duration
        var protocols: [GroupProtocol]
        var assignment: [UInt8]
    }

    var generation: Int32
    var protocolType: String
    var protocolName: String
    var leader: String
    /// In the order of their arrival.
    var members: [Member]
}

extension Group {
    /// Nil unless every member has its assignment.
    var membership: GroupMembership? {
        guard state == .stable, let protocolType, let protocolName, let leader else { return nil }
        return GroupMembership(
            generation: generation, protocolType: protocolType, protocolName: protocolName, leader: leader,
            members: membersInOrder.map { member in
                GroupMembership.Member(
                    id: member.id, instanceID: member.instanceID, clientID: member.clientID,
                    clientHost: member.clientHost, sessionTimeout: member.sessionTimeout,
                    rebalanceTimeout: member.rebalanceTimeout, protocols: member.protocols,
                    assignment: member.assignment)
            })
    }

    /// Takes up what an earlier life of the broker has written; sessions begin anew.
    mutating func restore(_ membership: GroupMembership, now: Duration) {
        forgetMembers()
        generation = membership.generation
        protocolType = membership.protocolType
        protocolName = membership.protocolName
        leader = membership.leader
        state = .stable
        for member in membership.members {
            members[member.id] = GroupMember(
                id: member.id, instanceID: member.instanceID, clientID: member.clientID, clientHost: member.clientHost,
                sessionTimeout: member.sessionTimeout, rebalanceTimeout: member.rebalanceTimeout,
                protocols: member.protocols, assignment: member.assignment, isNew: false,
                deadline: now + member.sessionTimeout, order: arrivals)
            arrivals += 1
            if let instanceID = member.instanceID { staticMembers[instanceID] = member.id }
        }
    }

    /// A generation that nobody was told the assignment of has no members to come back to.
    mutating func forgetMembers() {
        members = [:]
        staticMembers = [:]
        protocolName = nil
        leader = nil
        state = .empty
    }
}

extension GroupMembership {
    init(from reader: inout ProtocolReader) throws(ProtocolError) {
        generation = try reader.int32()
        protocolType = try reader.string()
        protocolName = try reader.string()
        leader = try reader.string()
        members = try reader.array { reader throws(ProtocolError) in
            Member(
                id: try reader.string(), instanceID: try reader.nullableString(), clientID: try reader.string(),
                clientHost: try reader.string(), sessionTimeout: .milliseconds(try reader.int64()),
                rebalanceTimeout: .milliseconds(try reader.int64()),
                protocols: try reader.array { reader throws(ProtocolError) in
                    GroupProtocol(name: try reader.string(), metadata: Array(try reader.bytes().readableBytesView))
                },
                assignment: Array(try reader.bytes().readableBytesView))
        }
    }

    func write(to writer: inout ProtocolWriter) {
        writer.int32(generation)
        writer.string(protocolType)
        writer.string(protocolName)
        writer.string(leader)
        writer.array(members) { writer, member in
            writer.string(member.id)
            writer.nullableString(member.instanceID)
            writer.string(member.clientID)
            writer.string(member.clientHost)
            writer.int64(Int64(member.sessionTimeout / .milliseconds(1)))
            writer.int64(Int64(member.rebalanceTimeout / .milliseconds(1)))
            writer.array(member.protocols) { writer, offered in
                writer.string(offered.name)
                writer.bytes(ByteBuffer(bytes: offered.metadata))
            }
            writer.bytes(ByteBuffer(bytes: member.assignment))
        }
    }
}
