/// What the right side of a foreign-key join is to do with a subscription, as it is written (S-83).
enum SubscriptionInstruction: UInt8, Sendable {
    /// Forget the subscription.
    case unsubscribe = 0
    /// Forget the subscription and answer that there is no right value.
    case unsubscribeAndTell = 1
    /// Keep the subscription and answer, also that there is no right value.
    case subscribeAndTell = 2
    /// Keep the subscription and answer if there is a right value.
    case subscribe = 3

    var isSubscription: Bool { self == .subscribe || self == .subscribeAndTell }
}
