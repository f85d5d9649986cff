import Foundation
import Synchronization

/// Places on a transaction's way at which a crash must do no harm; at each the process kills itself on request.
///
/// `SWIFTWATER_BROKER_CRASH_AT=prepared:3` kills it the third time that it comes by that place.
enum TransactionStep: String, CaseIterable, Sendable {
    /// A producer has its id and epoch in the log, and does not know.
    case registered
    /// A partition or group takes part by the log, and is not told yet.
    case added
    /// The end is decided; no marker is written.
    case prepared
    /// A partition has its marker.
    case marked
    /// A group's offsets are resolved.
    case resolved
    /// The end is in the log, and the client does not know.
    case completed

    private static let asked: (step: TransactionStep, passage: Int)? = {
        guard let text = ProcessInfo.processInfo.environment["SWIFTWATER_BROKER_CRASH_AT"] else { return nil }
        let parts = text.split(separator: ":")
        guard let name = parts.first, let step = TransactionStep(rawValue: String(name)) else { return nil }
        return (step, parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
    }()
    private static let passages = Atomic<Int>(0)

    /// Kills the process if this is the passage that was asked for.
    func pass() {
        guard let asked = Self.asked, asked.step == self else { return }
        if Self.passages.add(1, ordering: .relaxed).newValue == asked.passage { kill(getpid(), SIGKILL) }
    }
}
