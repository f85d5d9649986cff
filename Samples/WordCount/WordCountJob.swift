import Foundation
import SampleSupport
import Swiftwater
import SwiftwaterKafka

/// Loads the lines, runs the topology until it has counted them all, and prints the result.
struct WordCountJob {
    private let command: WordCountCommand
    private let cluster: SampleCluster

    init(_ command: WordCountCommand, on cluster: SampleCluster) {
        self.command = command
        self.cluster = cluster
    }

    func run(_ texts: InputFiles, state: TemporaryDirectory) async throws {
        let (lines, counts) = (command.lines, command.counts)
        let loaded = try await Blocking.run { [cluster, partitions = command.partitions] in
            let input = try texts.lines()
            try cluster.createTopics([lines, counts], partitions: partitions)
            var bar = ProgressBar("loading", total: input.count)
            let records = input.enumerated().map { index, line in
                RawRecord(key: Array(line.file.utf8), value: Array(line.line.utf8), partition: Int32(index & 0xffff))
            }
            try cluster.load(records, into: lines) { bar.show($0) }
            return input.count
        }
        let start = ContinuousClock.now
        let application = try command.makeApplication(cluster.bootstrapServers, state.path)
        var (duration, size) = (Duration.zero, 0)
        try await SampleRun.untilCaughtUp(application, on: cluster) { _ in
            duration = ContinuousClock.now - start
            size = state.size
        }
        let result = try await Blocking.run { [cluster] in
            let records = try cluster.records(of: counts, key: .string, value: .int64)
            return Dictionary(records.map { ($0.key, $0.value) }) { _, last in last }
        }
        print(result)
        summarise(loaded, result, duration, size)
    }

    private func print(_ counts: [String: Int64]) {
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        var text = ""
        for (word, count) in command.all ? sorted[...] : sorted.prefix(20) { text += "\(word) \(count)\n" }
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    private func summarise(_ lines: Int, _ counts: [String: Int64], _ duration: Duration, _ stateSize: Int) {
        let words = counts.values.reduce(0, +)
        let seconds = duration / .seconds(1)
        let text = """
            \(lines) lines, \(words) words, \(counts.count) different; counted in \(Self.text(seconds)) s \
            (\(Int(Double(words) / max(seconds, 0.001))) words/s, start and last commit included); state on disk \
            \(stateSize / 1024) KiB

            """
        FileHandle.standardError.write(Data(text.utf8))
    }

    private static func text(_ seconds: Double) -> String {
        seconds.formatted(.number.precision(.fractionLength(2)))
    }
}
