import Foundation
import Swiftwater
import SwiftwaterKafka

/// Loads the lines, runs the topology until it has counted them all, and prints the result.
struct WordCountJob {
    private let command: WordCountCommand
    private let cluster: Cluster
    private let servers: String

    init(_ command: WordCountCommand, servers: String) {
        self.command = command
        self.servers = servers
        cluster = Cluster(bootstrapServers: servers)
    }

    func run(_ texts: InputFiles, state: String) async throws {
        let (lines, counts) = (command.lines, command.counts)
        let loaded = try await Blocking.run { [cluster, partitions = command.partitions] in
            let input = try texts.lines()
            try cluster.createTopics([lines, counts], partitions: partitions)
            var bar = ProgressBar("loading", total: input.count)
            try cluster.load(input, into: lines) { bar.show($0) }
            return input.count
        }
        let start = ContinuousClock.now
        let application = try command.makeApplication(servers, state)
        let running = Task { try await application.run() }
        try await withTaskCancellationHandler {
            try await count(application)
        } onCancel: {
            running.cancel()
        }
        let duration = ContinuousClock.now - start
        let size = TemporaryDirectory(state).size
        try await application.stop()
        try await running.value
        let result = try await Blocking.run { [cluster] in try cluster.counts(in: counts) }
        print(result)
        summarise(loaded, result, duration, size)
    }

    /// Returns when the group has committed all that it was given to read.
    private func count(_ application: StreamsApplication) async throws {
        let repartition = "\(command.applicationID)-counts-repartition"
        let (topics, group) = ([command.lines, repartition], command.applicationID)
        while true {
            // An application that failed to start or died says why.
            if [.failed, .stopped].contains(application.state) { return try await application.stop() }
            let isDone = try await Blocking.run { [cluster] in try cluster.isCaughtUp(group: group, topics: topics) }
            if isDone { return }
            try await Task.sleep(for: .milliseconds(100))
        }
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
