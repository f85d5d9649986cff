/// What a transactional id makes of an event.
enum TransactionDecision: Equatable, Sendable {
    /// Nothing changes.
    case answer(ErrorCode)
    /// To be written, then adopted, then answered without error.
    case change(Transaction)
    /// To be written and adopted; then the markers follow. Only after `completed` the id goes on.
    case finish(Transaction)
    /// The id is not used any more.
    case forget
}
