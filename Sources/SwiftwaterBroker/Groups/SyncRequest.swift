/// A SyncGroup; the leader's carries everyone's assignment.
struct SyncRequest: Equatable, Sendable {
    var memberID: String
    var instanceID: String?
    var generation: Int32
    /// Version 5 and later.
    var protocolType: String?
    /// Version 5 and later.
    var protocolName: String?
    var assignments: [String: [UInt8]]
}
