/// What a SyncGroup is answered.
struct SyncAnswer: Equatable, Sendable {
    var error: ErrorCode
    var protocolType: String?
    var protocolName: String?
    var assignment: [UInt8]

    static func failed(_ error: ErrorCode) -> SyncAnswer {
        SyncAnswer(error: error, protocolType: nil, protocolName: nil, assignment: [])
    }
}
