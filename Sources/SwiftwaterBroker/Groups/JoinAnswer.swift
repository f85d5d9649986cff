/// What a JoinGroup is answered.
struct JoinAnswer: Equatable, Sendable {
    struct Member: Equatable, Sendable {
        var id: String
        var instanceID: String?
        var metadata: [UInt8]
    }

    var error: ErrorCode
    var generation: Int32
    var protocolType: String?
    var protocolName: String?
    var leader: String
    var skipAssignment: Bool
    var memberID: String
    /// Filled for the leader only.
    var members: [Member]

    static func failed(_ error: ErrorCode, memberID: String) -> JoinAnswer {
        JoinAnswer(
            error: error, generation: -1, protocolType: nil, protocolName: nil, leader: "", skipAssignment: false,
            memberID: memberID, members: [])
    }
}
