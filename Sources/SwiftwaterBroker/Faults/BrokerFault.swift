/// Something that goes wrong with some of the requests, on purpose.
///
/// All conditions must hold for a request; one without a value always does. Of several faults for a request the one that was added
/// first takes it.
public struct BrokerFault: Sendable {
    /// What happens to the request.
    public enum Effect: Sendable, Equatable {
        /// It is not done, and answered with this error code wherever its answer has one.
        case refuse(Int16)
        /// It is done, and answered with this error code all the same: 46 tells a producer of a duplicate that it is not.
        case misreport(Int16)
        /// It is done at once and answered later.
        case delay(Duration)
        /// It is not done, and its connection is cut.
        case cut
        /// It is done, and its connection is cut instead of an answer, so that the client must ask again.
        case loseAnswer
        /// It waits, and its connection is not read meanwhile, until the fault is removed: a broker that hangs.
        case hold
    }

    /// What happens.
    public var effect: Effect
    /// To which requests; nil is all.
    public var api: BrokerAPI?
    /// With what the client's id (`client.id`) begins; empty is any client.
    public var clientID: String
    /// A topic that the request must name; nil is any, or none.
    public var topic: String?
    /// How often it happens; nil is until it is removed.
    public var count: Int?

    /// Happens to the next `count` requests of the API.
    public init(
        _ effect: Effect, api: BrokerAPI? = nil, clientID: String = "", topic: String? = nil, count: Int? = nil
    ) {
        self.effect = effect
        self.api = api
        self.clientID = clientID
        self.topic = topic
        self.count = count
    }

    func applies(to api: APIKey, clientID: String, topics: [String]) -> Bool {
        (self.api.map { $0.rawValue == api.rawValue } ?? true) && clientID.hasPrefix(self.clientID)
            && (topic.map(topics.contains) ?? true)
    }
}
