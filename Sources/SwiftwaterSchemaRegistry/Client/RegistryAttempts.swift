/// Which registry is asked next after one gave no answer: the others at once, then all again after a while.
///
/// Decides only; time and chance come in as arguments.
struct RegistryAttempts: Sendable {
    enum Action: Equatable, Sendable {
        /// Ask this registry after this time.
        case ask(Int, after: Duration)
        /// All has been tried, or what is left would come too late.
        case giveUp
    }

    private let urlCount: Int
    private let maximumBackoff: Duration
    private var url: Int
    private var leftInRound: Int
    private var leftRounds: Int
    private var backoff: Duration

    /// - Parameter first: the registry to begin with.
    init(_ configuration: SchemaRegistryConfiguration, first: Int) {
        urlCount = configuration.urls.count
        url = first % configuration.urls.count
        leftInRound = configuration.urls.count - 1
        leftRounds = max(0, configuration.retries)
        backoff = min(configuration.retryBackoff, configuration.maximumRetryBackoff)
        maximumBackoff = configuration.maximumRetryBackoff
    }

    /// The registry that is asked first.
    var firstURL: Int { url }

    /// What comes after a failure.
    ///
    /// - Parameters:
    ///   - left: how much time the call has left.
    ///   - chance: a number from 0 to 1.
    mutating func failed(left: Duration, chance: Double) -> Action {
        guard left > .zero else { return .giveUp }
        url = (url + 1) % urlCount
        if leftInRound > 0 {
            leftInRound -= 1
            return .ask(url, after: .zero)
        }
        guard leftRounds > 0 else { return .giveUp }
        leftRounds -= 1
        leftInRound = urlCount - 1
        let wait = backoff * (1 - 0.2 * chance)
        backoff = min(backoff * 2, maximumBackoff)
        return wait < left ? .ask(url, after: wait) : .giveUp
    }
}
