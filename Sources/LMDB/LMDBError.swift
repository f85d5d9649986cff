internal import CLMDB
internal import Glibc

/// Why a call into LMDB failed, what was tried and on which environment.
package struct LMDBError: Error, Hashable, Sendable {
    /// LMDB's own codes are below -30,000, errno is above 0; the few between are this module's.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: CInt

        package init(rawValue: CInt) {
            self.rawValue = rawValue
        }

        package static let keyExists = Code(rawValue: MDB_KEYEXIST)
        package static let notFound = Code(rawValue: MDB_NOTFOUND)
        package static let pageNotFound = Code(rawValue: MDB_PAGE_NOTFOUND)
        /// The file is an LMDB environment, but its pages contradict each other or are missing.
        package static let corrupted = Code(rawValue: MDB_CORRUPTED)
        /// A write of the meta page failed; the environment must be closed and opened again.
        package static let panic = Code(rawValue: MDB_PANIC)
        package static let versionMismatch = Code(rawValue: MDB_VERSION_MISMATCH)
        /// The file is not an LMDB environment.
        package static let invalidFile = Code(rawValue: MDB_INVALID)
        /// The map has no page left; the transaction is dead.
        package static let mapFull = Code(rawValue: MDB_MAP_FULL)
        package static let databasesFull = Code(rawValue: MDB_DBS_FULL)
        package static let readersFull = Code(rawValue: MDB_READERS_FULL)
        package static let transactionFull = Code(rawValue: MDB_TXN_FULL)
        package static let mapResized = Code(rawValue: MDB_MAP_RESIZED)
        package static let incompatible = Code(rawValue: MDB_INCOMPATIBLE)
        package static let badReaderSlot = Code(rawValue: MDB_BAD_RSLOT)
        /// The transaction failed before and takes nothing more.
        package static let badTransaction = Code(rawValue: MDB_BAD_TXN)
        /// A key is empty or longer than `Environment.maximumKeySize`.
        package static let badValueSize = Code(rawValue: MDB_BAD_VALSIZE)
        package static let badDatabase = Code(rawValue: MDB_BAD_DBI)

        package static let noSuchFile = Code(rawValue: ENOENT)
        package static let permissionDenied = Code(rawValue: EACCES)
        package static let outOfMemory = Code(rawValue: ENOMEM)
        package static let tooManyFiles = Code(rawValue: EMFILE)
        package static let tooManyFilesInSystem = Code(rawValue: ENFILE)
        package static let invalidArgument = Code(rawValue: EINVAL)
        /// LMDB answers a full disk with EIO as well: a short write has no errno.
        package static let io = Code(rawValue: EIO)
        package static let diskFull = Code(rawValue: ENOSPC)
        package static let quotaExceeded = Code(rawValue: EDQUOT)
        package static let readOnlyFileSystem = Code(rawValue: EROFS)

        /// This process has the environment open already; a second handle would drop the first one's file locks.
        package static let alreadyOpen = Code(rawValue: -1)
        /// The environment was closed.
        package static let closed = Code(rawValue: -2)
        /// Transactions were not over in time, so the map could not be moved or the environment closed.
        package static let transactionsInTheWay = Code(rawValue: -3)
        /// The calling thread has a write transaction open already and would wait for itself.
        package static let nestedWrite = Code(rawValue: -4)
    }

    package let code: Code
    /// The call, and the key, database or size it was about.
    package let operation: String
    /// The directory of the environment.
    package let path: String

    package init(_ code: Code, _ operation: String, path: String) {
        self.code = code
        self.operation = operation
        self.path = path
    }
}

extension LMDBError {
    /// The disk failed or is full: what was committed before stands, the transaction does not.
    package var isDiskFailure: Bool {
        [.io, .diskFull, .quotaExceeded, .readOnlyFileSystem].contains(code)
    }

    /// The file cannot be used by this build, whatever is tried again.
    package var isForeignOrDamaged: Bool {
        [.corrupted, .pageNotFound, .invalidFile, .versionMismatch, .incompatible].contains(code)
    }
}

extension LMDBError: CustomStringConvertible {
    package var description: String {
        "LMDB: \(operation) failed in \(path): \(code)"
    }
}

extension LMDBError.Code: CustomStringConvertible {
    package var description: String {
        switch self {
        case .alreadyOpen: "the environment is open in this process already (-1)"
        case .closed: "the environment is closed (-2)"
        case .transactionsInTheWay: "transactions were not over in time (-3)"
        case .nestedWrite: "this thread has a write transaction open already (-4)"
        default: "\(unsafe String(cString: mdb_strerror(rawValue))) (\(rawValue))"
        }
    }
}

/// The only place that reads LMDB's return codes.
@inline(__always)
func check(
    _ status: CInt,
    _ operation: @autoclosure () -> String,
    path: @autoclosure () -> String
) throws(LMDBError) {
    guard status == MDB_SUCCESS else {
        throw LMDBError(LMDBError.Code(rawValue: status), operation(), path: path())
    }
}
