/// Where a store keeps its bytes.
public enum StoreType: Sendable, Hashable {
    /// In LMDB; the default.
    case persistent
    /// In memory, rebuilt from the changelog at every start.
    case inMemory
}
