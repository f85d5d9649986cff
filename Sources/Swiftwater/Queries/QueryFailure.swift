/// Why a partition did not answer a query; the counterpart of `FailureReason`.
public struct QueryFailure: Error {
    /// The kinds of failures. One of a whole query, such as an unknown store, is thrown instead.
    public enum Reason: String, Sendable, Hashable {
        /// The partition is here, but not as the active one: it restores, or a rebalance has suspended it.
        case notActive
        /// The partition has not processed as much as the query asks for.
        case notUpToBound
        /// Another instance has the partition.
        case notPresent
        /// The store has no such partition.
        case doesNotExist
        /// Reading threw: ``QueryFailure/cause`` tells what.
        case storeException
    }

    /// The kind of failure.
    public var reason: Reason
    /// What happened and what to do about it.
    public var message: String
    /// The store.
    public var store: String
    /// The partition of the store.
    public var partition: Int32
    /// What was thrown underneath.
    public var cause: (any Error)?

    package init(
        _ reason: Reason, _ message: String, store: String, partition: Int32, cause: (any Error)? = nil
    ) {
        self.reason = reason
        self.message = message
        self.store = store
        self.partition = partition
        self.cause = cause
    }

    /// The failure as an error of the `InvalidStateStore` family, for those who ask for the answer alone.
    public var error: StreamsError {
        let place = StreamsError.Place(store: store, partition: partition)
        let code: StreamsError.Code =
            switch reason {
            case .notActive, .notUpToBound: .stateStoreNotAvailable
            case .notPresent: .stateStoreMigrated
            case .doesNotExist: .invalidStateStorePartition
            case .storeException: (cause as? StreamsError)?.code ?? .stateStore
            }
        return StreamsError(code, message, at: place, cause: cause)
    }
}

extension QueryFailure: CustomStringConvertible {
    /// One line: kind, message, place and cause.
    public var description: String {
        "\(reason.rawValue): \(message) [store \(store), partition \(partition)]\(cause.map { " (cause: \($0))" } ?? "")"
    }
}
