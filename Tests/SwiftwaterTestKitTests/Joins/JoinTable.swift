import Foundation
import Swiftwater

/// A table of what a join is given, step by step, and what its variants tell: the project's own form of Kafka Streams' documentation.
struct JoinTable: Sendable {
    enum Variant: String, CaseIterable, Sendable {
        case inner, leftJoin, outerJoin
    }

    struct Step: Sendable {
        var time: Timestamp
        /// The topic, `left` or `right`.
        var topic: String
        var key: String
        /// Nil is null.
        var value: String?
        /// What each variant tells, as `key=[left,right]`, or `key=null` for a deletion.
        var told: [Variant: [String]]
    }

    var steps: [Step] = []
    /// The variants that the table has a column for.
    var variants: [Variant] = []

    /// Reads a table of `Tables/`; lines that begin with `#` are remarks, a record without a key has the key `k`.
    init(named name: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Tables/\(name).txt")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
        var header: [String] = []
        for line in lines {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            if header.isEmpty {
                header = cells
                variants = header.compactMap(Variant.init)
                continue
            }
            var step = Step(time: 0, topic: "", key: "k", value: nil, told: [:])
            for (column, cell) in zip(header, cells) {
                if column == "time" {
                    guard let seconds = Int64(cell) else { throw CocoaError(.fileReadCorruptFile) }
                    step.time = Timestamp(milliseconds: seconds * 1_000)
                } else if let variant = Variant(rawValue: column) {
                    step.told[variant] = cell.split(separator: " ").map { told in
                        told.contains("=") ? String(told) : "k=\(told)"
                    }
                } else if !cell.isEmpty {
                    let parts = cell.split(separator: "=")
                    let value = String(parts[parts.count - 1])
                    step.topic = column
                    if parts.count == 2 { step.key = String(parts[0]) }
                    step.value = value == "null" ? nil : value
                }
            }
            steps.append(step)
        }
    }
}
