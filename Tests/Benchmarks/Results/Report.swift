import Foundation

/// All measurements of a run, with the ratio of each to the ceiling.
struct Report {
    private struct Whole: Encodable {
        var records: Int
        var keys: Int
        var distribution: String
        var valueSize: Int
        var partitions: Int
        var results: [Measurement]
    }

    private let workload: WorkloadOptions
    private let results: [Measurement]

    init(workload: WorkloadOptions, results: [Measurement]) {
        self.workload = workload
        let ceiling = results.first { $0.part == Part.loop.rawValue }?.recordsPerSecond
        self.results = results.map { result in
            var result = result
            result.ratioToCeiling = ceiling.map { result.recordsPerSecond / $0 }
            return result
        }
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let whole = Whole(
            records: workload.records, keys: workload.keys, distribution: workload.zipf ? "zipf" : "uniform",
            valueSize: workload.valueSize, partitions: workload.partitions, results: results)
        return String(decoding: try encoder.encode(whole), as: UTF8.self)
    }

    func table() -> String {
        let heads = ["part", "records/s", "CPU µs/record", "broker CPU µs", "peak MiB", "of ceiling"]
        let rows = results.map { result in
            [
                result.part,
                Self.grouped(Int(result.recordsPerSecond)),
                String(format: "%.2f", result.cpuMicrosecondsPerRecord),
                result.brokerCPUMicrosecondsPerRecord.map { String(format: "%.2f", $0) } ?? "-",
                "\(result.peakResidentBytes >> 20)",
                result.ratioToCeiling.map { String(format: "%.0f %%", $0 * 100) } ?? "-",
            ]
        }
        let widths = heads.indices.map { column in ([heads] + rows).map { $0[column].count }.max() ?? 0 }
        let lines = ([heads] + rows).map { row in
            row.indices.map { column in
                let blanks = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + blanks : blanks + row[column]
            }.joined(separator: "  ")
        }
        return ([workload.summary, ""] + lines).joined(separator: "\n")
    }

    /// With a comma after each third digit.
    private static func grouped(_ number: Int) -> String {
        var digits = String(number)
        var end = digits.count - 3
        while end > 0 {
            digits.insert(",", at: digits.index(digits.startIndex, offsetBy: end))
            end -= 3
        }
        return digits
    }
}
