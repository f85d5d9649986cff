/// A JoinGroup with what the connection tells of the client.
struct JoinRequest: Equatable, Sendable {
    var memberID: String
    var instanceID: String?
    var clientID: String
    var clientHost: String
    var sessionTimeout: Duration
    /// Equal to the session time-out in version 0, which does not carry it.
    var rebalanceTimeout: Duration
    var protocolType: String
    /// In the member's order of preference.
    var protocols: [GroupProtocol]
    /// Version 4 and later: a newcomer is given its id first and joins with it, so that a lost answer leaves no member behind.
    var requiresKnownMember: Bool
    /// Version 9 and later: a returning static leader can be told that the assignment stands.
    var canSkipAssignment: Bool
}
