import Foundation

/// What a run comes to.
struct Summary: Codable {
    var seed: UInt64
    var guarantee: Guarantee
    var seconds: Double
    var faults: [String: Int]
    var skipped: [String]
    var records: Int64
    var findings: Findings
    /// Stores that were read anew although the process held a valid copy.
    var needlessRestores: [String]
    var restoredRecords: Int
    /// Processes that ended although nobody ended them.
    var unexpectedEnds: [String]
    /// Seconds from a fault until every partition has results of records that were fed after it.
    var recovery: [Double]
    var replay: String
    /// Whether differences count: at-least-once with zombies promises nothing that could be checked.
    var isAsserted = true

    var isFailure: Bool {
        guard isAsserted else { return !unexpectedEnds.isEmpty }
        if !unexpectedEnds.isEmpty || !needlessRestores.isEmpty { return true }
        switch guarantee {
        case .exactlyOnce: return !findings.isClean
        case .atLeastOnce: return findings.lost + findings.storesThatDiffer + findings.offsetsThatDiffer > 0
        }
    }

    var text: String {
        var lines: [String] = []
        let kinds = faults.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        lines.append("faults: \(faults.values.reduce(0, +)) (\(kinds))")
        lines += skipped.map { "left out: \($0)" }
        lines.append("records: \(records) in \(Int(seconds)) s, \(guarantee.rawValue)")
        lines.append("lost: \(findings.lost), doubled: \(findings.doubled), strange: \(findings.strange)")
        lines.append(
            """
            stores that differ: \(findings.storesThatDiffer) of \(findings.storesCompared) (\(findings.entriesCompared) entries), \
            offsets that differ: \(findings.offsetsThatDiffer)
            """)
        lines.append("full restores of stores that were validly held: \(needlessRestores.count)")
        lines.append("records restored: \(restoredRecords)")
        let sorted = recovery.sorted()
        if let last = sorted.last {
            func part(_ share: Double) -> String {
                String(format: "%.1f", sorted[Int(Double(sorted.count - 1) * share)])
            }
            lines.append("recovery: p50 \(part(0.5)) s, p99 \(part(0.99)) s, max \(String(format: "%.1f", last)) s")
        }
        lines += unexpectedEnds.map { "ended by itself: \($0)" }
        lines += needlessRestores.map { "restored needlessly: \($0)" }
        lines += findings.examples.map { "  \($0)" }
        if !isAsserted { lines.append("differences are reported, not asserted: at-least-once does not fence zombies") }
        lines.append(isFailure ? "FAILED" : "passed")
        lines.append("replay: \(replay)")
        return lines.joined(separator: "\n")
    }
}
