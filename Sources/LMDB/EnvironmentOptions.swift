/// How an environment is opened.
package struct EnvironmentOptions: Sendable, Hashable {
    /// Bytes of address space; sparse, so generosity costs nothing on disk. Never below what the file holds.
    package var mapSize: Int
    /// How many named databases may be open.
    package var maximumDatabases: Int
    /// How many read transactions may be open at once, of all processes together.
    package var maximumReaders: Int
    /// Commits are written but not flushed: safe against the death of the process, not of the machine.
    package var skipsSync: Bool
    /// Permissions of the two files.
    package var fileMode: UInt32

    package init(
        mapSize: Int = 1 << 30,
        maximumDatabases: Int = 16,
        maximumReaders: Int = 126,
        skipsSync: Bool = true,
        fileMode: UInt32 = 0o644
    ) {
        self.mapSize = mapSize
        self.maximumDatabases = maximumDatabases
        self.maximumReaders = maximumReaders
        self.skipsSync = skipsSync
        self.fileMode = fileMode
    }
}
