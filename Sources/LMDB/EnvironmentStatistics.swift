/// How full an environment is and who reads it.
package struct EnvironmentStatistics: Sendable, Hashable {
    package let mapSize: Int
    package let pageSize: Int
    /// Pages of the file that were ever in use; the file never shrinks.
    package let usedPages: Int
    /// Pages among `usedPages` that hold nothing; an old reader keeps some of them from being written again.
    package let freePages: Int
    /// Number of the last committed transaction.
    package let lastTransaction: UInt64
    package let maximumReaders: Int
    /// Read transactions that are open now, of all processes.
    package let readers: Int
    /// How many commits the oldest reader is behind; 0 when nobody reads. Everything freed since stays unusable.
    package let oldestReaderLag: UInt64
}
