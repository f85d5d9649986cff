/// One member of a LeaveGroup; an empty id with an instance id removes a static member from outside.
struct LeavingMember: Equatable, Sendable {
    var memberID: String
    var instanceID: String?
}
