internal import Foundation
package import Swiftwater

/// How many files the process may have open; a task needs three.
package enum DescriptorLimit {
    package static let filesPerTask = 3

    /// Raises the soft limit as far as the hard one allows; returns what is allowed now.
    @discardableResult
    package static func raise() -> Int {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return 0 }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = raised.rlim_max
            if setrlimit(resource, &raised) == 0 { limit = raised }
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// Throws when `tasks` tasks, and `others` files besides, are more than the process may open.
    package static func require(tasks: Int, others: Int = 256) throws(StreamsError) {
        let allowed = raise()
        let needed = tasks * filesPerTask + others
        guard allowed >= needed else {
            throw StreamsError(
                .stateDirectory,
                "\(tasks) tasks need \(needed) open files, the process may have \(allowed): raise the hard limit (ulimit -Hn)"
            )
        }
    }
}
