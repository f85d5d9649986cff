internal import Foundation
internal import LMDB
internal import Swiftwater

extension StreamsError {
    /// A call of the file system that failed.
    static func file(_ doing: String, _ path: String, _ number: CInt) -> StreamsError {
        let reason = String(cString: strerror(number))
        let isDisk = [EIO, ENOSPC, EDQUOT, EROFS].contains(number)
        let advice =
            switch number {
            case ENOSPC, EDQUOT: "; free some space or set another state directory"
            case EACCES, EPERM: "; the process needs to read and write there"
            case EROFS: "; the file system is read-only"
            case EMFILE: "; raise the limit of open files (ulimit -n)"
            default: ""
            }
        return StreamsError(isDisk ? .disk : .stateDirectory, "cannot \(doing) \(path): \(reason)\(advice)")
    }

    /// A call into a task's environment that failed.
    static func state(_ doing: String, task: String, store: String? = nil, _ error: LMDBError) -> StreamsError {
        let place = Place(task: task, store: store)
        let message = "\(doing) failed in \(error.path)"
        if error.isDiskFailure || error.code == .panic {
            return StreamsError(
                .disk,
                "\(message): the disk is full or failed; what was committed before is kept. Free some space, then start the task again",
                at: place,
                cause: error
            )
        }
        let advice: String? =
            switch error.code {
            case .tooManyFiles: "a task needs 3 open files: raise the limit (ulimit -n)"
            case .outOfMemory: "not enough address space: set a smaller map size or lift the limit (ulimit -v)"
            case .alreadyOpen: "another thread of this process has the task open, or a query still reads it"
            case .transactionsInTheWay: "queries or copies read the store for too long: end their iterators"
            case .closed: "the task was closed here and may run elsewhere now"
            case .readersFull: "more readers than allowed: end iterators or raise maximumReaders"
            case .corrupted, .pageNotFound, .invalidFile, .versionMismatch:
                "the files are damaged: remove the directory, and the task restores from its changelogs"
            default: nil
            }
        let code: Code = error.code == .closed ? .stateStoreMigrated : .stateStore
        return StreamsError(code, advice.map { "\(message): \($0)" } ?? message, at: place, cause: error)
    }

    /// A view of a store that is read after its query.
    static func queryIsOver(task: String, store: String?) -> StreamsError {
        StreamsError(
            .invalidStateStore,
            "the query is over: read the store inside the query's function, and let no view of it out",
            at: Place(task: task, store: store)
        )
    }
}
