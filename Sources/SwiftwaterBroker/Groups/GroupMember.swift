/// A member as its last JoinGroup described it, with the request of it that is held, if one is.
struct GroupMember: Equatable, Sendable {
    var id: String
    var instanceID: String?
    var clientID: String
    var clientHost: String
    var sessionTimeout: Duration
    var rebalanceTimeout: Duration
    var protocols: [GroupProtocol]
    var assignment: [UInt8] = []
    /// Not yet part of a generation: it does not know its place and cannot heartbeat.
    var isNew = true
    var heldJoin: HeldRequest?
    var heldSync: HeldRequest?
    /// The time by which it must be heard of.
    var deadline: Duration
    /// The place in the order of arrival; it decides wherever any choice would do.
    let order: Int

    /// A member whose request we hold cannot heartbeat, so silence is held against it only while it is new.
    var isWatched: Bool { isNew || (heldJoin == nil && heldSync == nil) }

    func supports(_ name: String) -> Bool { protocols.contains { $0.name == name } }

    func metadata(for name: String) -> [UInt8] { protocols.first { $0.name == name }?.metadata ?? [] }

    func vote(among candidates: Set<String>) -> String? { protocols.first { candidates.contains($0.name) }?.name }
}
