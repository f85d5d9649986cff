/// How the stores of an application are kept on disk: the place of `rocksdb.config.setter`.
public struct StateOptions: Sendable, Hashable {
    /// When commits reach the disk.
    public enum Sync: String, Sendable, Hashable {
        /// At closing; a crash of the machine costs a restore, one of the process nothing.
        case whenClosed
        /// At every commit: milliseconds each, and a crash of the machine costs nothing.
        case everyCommit
    }

    /// When commits reach the disk.
    public var sync: Sync
    /// Bytes of address space a task starts with; doubled when needed, nothing on disk.
    public var mapSize: Int
    /// Read transactions that a task's environment may have at once.
    public var maximumReaders: Int
    /// A commit that would leave less on the disk is refused.
    public var minimumFreeBytes: Int
    /// How long growing the map and closing wait for queries.
    public var patience: Duration

    /// Settings with defaults.
    public init(
        sync: Sync = .whenClosed,
        mapSize: Int = 1 << 30,
        maximumReaders: Int = 512,
        minimumFreeBytes: Int = 64 << 20,
        patience: Duration = .seconds(10)
    ) {
        self.sync = sync
        self.mapSize = mapSize
        self.maximumReaders = maximumReaders
        self.minimumFreeBytes = minimumFreeBytes
        self.patience = patience
    }
}
