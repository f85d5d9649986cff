internal import Swiftwater

/// What a member tells the others of its group: all of it stands in the `client.id`, which a group's description repeats.
///
/// Stable over restarts, so that the broker's member ids, and with them assignments, repeat.
struct ClientID: Hashable, Sendable, CustomStringConvertible {
    /// No part can contain it: application ids are names of topics, the rest is numbers and hosts.
    static let separator: Character = "|"

    var applicationID: String
    var processID: String
    var thread: Int
    /// `host:port` where queries are answered; empty if nowhere.
    var endpoint: String
    var planHash: UInt64

    init(applicationID: String, processID: String, thread: Int, endpoint: String, planHash: UInt64) {
        self.applicationID = applicationID
        self.processID = processID
        self.thread = thread
        self.endpoint = endpoint
        self.planHash = planHash
    }

    /// Reads what another member wrote; nil if it is none of ours.
    init?(_ text: String) {
        let parts = text.split(separator: Self.separator, omittingEmptySubsequences: false)
        guard parts.count == 5, !parts[0].isEmpty, !parts[1].isEmpty, let thread = Int(parts[2]), thread >= 0,
            parts[4].utf8.count == 16, let hash = UInt64(parts[4], radix: 16)
        else { return nil }
        self.init(
            applicationID: String(parts[0]),
            processID: String(parts[1]),
            thread: thread,
            endpoint: String(parts[3]),
            planHash: hash
        )
    }

    var description: String {
        let digits = String(thread)
        let number = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
        return [applicationID, processID, number, endpoint, Self.text(of: planHash)]
            .joined(separator: String(Self.separator))
    }

    static func text(of hash: UInt64) -> String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
