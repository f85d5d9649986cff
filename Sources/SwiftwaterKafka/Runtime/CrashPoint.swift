internal import Foundation
internal import Synchronization

/// Places at which the process kills itself on request, so that tests can crash it between any two steps.
///
/// `SWIFTWATER_CRASH_AT=afterEndTransaction:37` kills it the 37th time that it comes by that place; with `:reversed` behind it, commits
/// take their tasks from the last to the first. Without the variable a passage costs one comparison.
package enum CrashPoint: String, CaseIterable, Sendable {
    case beforeFlush
    case afterFlush
    case afterDelivery
    /// Exactly-once: the offsets are in the transaction.
    case afterOffsets
    /// Exactly-once: the transaction is committed. At-least-once: the offsets are.
    case afterEndTransaction
    /// One task's stores are written; the next one's are not.
    case betweenStores
    case afterStores
    case onRevoke
    case afterRevokeCommit
    case afterAssign
    case beforeOpen
    case afterOpen
    case duringRestore
    case afterRestore
    case afterTopics

    private static let asked: (point: CrashPoint, passage: Int)? = {
        guard let text = ProcessInfo.processInfo.environment["SWIFTWATER_CRASH_AT"] else { return nil }
        let parts = text.split(separator: ":")
        guard let name = parts.first, let point = CrashPoint(rawValue: String(name)) else { return nil }
        return (point, parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
    }()
    /// Whether commits go through their tasks backwards.
    static let reversesTasks =
        ProcessInfo.processInfo.environment["SWIFTWATER_CRASH_AT"]?.hasSuffix(":reversed") ?? false
    private static let passages = Atomic<Int>(0)

    /// Kills the process if this is the passage that was asked for.
    @inline(__always)
    func pass() {
        guard let asked = Self.asked, asked.point == self else { return }
        if Self.passages.add(1, ordering: .relaxed).newValue == asked.passage { kill(getpid(), SIGKILL) }
    }
}
