/// What DescribeGroups says of a group.
///
/// Subscriptions and assignments are told in the stable state only, as Kafka does: in between they belong to no generation.
struct GroupDescription: Equatable, Sendable {
    struct Member: Equatable, Sendable {
        var id: String
        var instanceID: String?
        var clientID: String
        var clientHost: String
        var metadata: [UInt8]
        var assignment: [UInt8]
    }

    var id: String
    var state: GroupState
    var protocolType: String
    var protocolName: String
    var members: [Member]

    static func dead(_ id: String) -> GroupDescription {
        GroupDescription(id: id, state: .dead, protocolType: "", protocolName: "", members: [])
    }
}
