/// When a windowed aggregation tells its results (KIP-825).
public enum EmitStrategy: Hashable, Sendable {
    /// With every update, or with the last of a commit where the store is cached; the default.
    case onWindowUpdate
    /// Once, when the window has closed: stream time has passed its end and the grace. A record must come for it to happen.
    case onWindowClose
}
