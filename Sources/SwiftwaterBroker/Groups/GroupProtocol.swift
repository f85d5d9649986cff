/// An assignor that a member supports, with what it tells the assignor, which only clients read.
struct GroupProtocol: Equatable, Sendable {
    var name: String
    var metadata: [UInt8]
}
