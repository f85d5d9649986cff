internal import Glibc
internal import Synchronization

/// The environments this process has open.
///
/// LMDB's lock file is held by POSIX record locks, and closing any descriptor of a file drops all locks the process has on
/// it: a second handle on the same directory would unlock the first one's reader table without a word.
enum OpenEnvironments {
    struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    private static let identities = Mutex<Set<Identity>>([])

    /// Claims the directory; throws when it cannot be seen or is claimed.
    static func claim(_ path: String) throws(LMDBError) -> Identity {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            throw LMDBError(LMDBError.Code(rawValue: errno), "opening the directory", path: path)
        }
        let identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        guard identities.withLock({ $0.insert(identity).inserted }) else {
            throw LMDBError(.alreadyOpen, "opening the environment", path: path)
        }
        return identity
    }

    static func release(_ identity: Identity) {
        _ = identities.withLock { $0.remove(identity) }
    }
}
