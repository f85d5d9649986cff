/// What a task found on disk when it was opened.
package enum StateOrigin: Sendable, Hashable {
    /// Nothing was there.
    case new
    /// The state of the last commit.
    case kept
    /// Something was there that cannot be trusted, and is gone: the stores are restored from their changelogs.
    case discarded(Reason)

    package enum Reason: Sendable, Hashable {
        /// The machine stopped before the last commits were flushed.
        case machineStopped
        /// Unflushed files were moved to another disk.
        case otherDevice
        /// The mark beside the files is missing or unreadable.
        case unmarked
        /// Written by another version of Swiftwater.
        case otherFormat(Int)
        /// The changelog topics are others than those the state was written with.
        case otherChangelogs
        /// LMDB cannot read the files.
        case damaged(String)
    }
}
