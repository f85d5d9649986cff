import ArgumentParser
import Foundation
import RDKafka

/// The run itself.
struct TortureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swiftwater-torture",
        abstract:
            "Break a running application in every way at hand, and compare what it made with what it must have made.",
        discussion: """
            Starts the embedded broker and worker processes of a reference application, feeds them numbered records, and inflicts \
            faults by the seed. Exit status 1 on any difference. Everything it starts and writes is gone at the end, \
            unless something differed.

            Examples:
              swiftwater-torture --minutes 10 --seed 1
              swiftwater-torture --minutes 3 --seed 7 --guarantee at-least-once --kind kill-worker --kind kill-broker
            """)

    @Option(help: "How long faults are inflicted.") var minutes = 3.0
    @Option(help: "Which faults come when (default: any).") var seed: UInt64?
    @Option(help: "What the application promises: \(Guarantee.allCases.map(\.rawValue).joined(separator: ", ")).")
    var guarantee = Guarantee.exactlyOnce
    @Option(help: "A cluster to use instead of the embedded broker, as host:port; its brokers are left alone.")
    var bootstrapServers: String?
    @Flag(help: "Print the summary as JSON.") var json = false
    @Option(help: "Worker processes.") var workers = 4
    @Option(help: "Records fed a second.") var rate = 400
    @Option(help: "Mean seconds between two faults.") var interval = 8.0
    @Option(
        name: .customLong("kind"),
        help: "Only this kind of fault; may be repeated: \(FaultKind.allCases.map(\.rawValue).joined(separator: ", "))."
    )
    var kinds: [FaultKind] = []
    @Flag(help: "Keep logs and data also when all is well.") var keep = false

    func validate() throws {
        guard minutes > 0, minutes <= 60 else { throw ValidationError("--minutes must be above 0 and at most 60.") }
        guard (1...16).contains(workers) else { throw ValidationError("--workers must be 1 to 16.") }
        guard (10...10_000).contains(rate) else { throw ValidationError("--rate must be 10 to 10000.") }
        guard interval >= 1 else { throw ValidationError("--interval must be at least 1.") }
    }

    func run() throws {
        Interruption.trap()
        let seed = seed ?? UInt64.random(in: 0..<1_000_000)
        let summary = try torture(seed)
        Report.line(json ? try encoded(summary) : summary.text)
        if summary.isFailure { throw ExitCode.failure }
    }

    private func torture(_ seed: UInt64) throws -> Summary {
        var options = Rig.Options()
        options.guarantee = guarantee
        options.workers = workers
        options.rate = rate
        options.servers = bootstrapServers
        // Half of the runs have caches, whose flush is a path of its own.
        options.cached = seed % 2 == 0
        options.isKept = keep
        let asked = kinds.isEmpty ? FaultKind.allCases : kinds
        options.usesSmallDisks = asked.contains(.fillDisk)
        let start = ContinuousClock.now
        let rig = try Rig(named: "torture-\(seed)-\(getpid())", options)
        var isKept = true
        defer { rig.close(keeping: isKept) }

        var skipped: [String] = []
        var possible = asked
        if bootstrapServers != nil, possible.contains(where: \.isBrokers) {
            possible.removeAll(where: \.isBrokers)
            skipped.append("faults of the broker: it is not ours")
        }
        if possible.contains(.fillDisk), rig.disks.count < workers {
            possible.removeAll { $0 == .fillDisk }
            skipped.append("\(FaultKind.fillDisk.rawValue): mounting a small disk is not permitted here")
        }
        for line in skipped { Report.note("left out: \(line)") }
        let time = Duration.seconds(minutes * 60)
        let plan = FaultPlan(seed: seed, kinds: possible, during: time, every: .seconds(interval))
        let torture = Torture(rig, plan, isQuiet: false)
        let outcome = try torture.run(for: time)
        let summary = Summary(
            seed: seed, guarantee: guarantee, seconds: (ContinuousClock.now - start) / .seconds(1),
            faults: Dictionary(torture.counts.map { ($0.key.rawValue, $0.value) }) { $1 }, skipped: skipped,
            records: outcome.count, findings: try rig.compare(with: outcome),
            needlessRestores: rig.workers.flatMap(\.needlessRestores),
            restoredRecords: rig.workers.reduce(0) { $0 + $1.restoredRecords },
            unexpectedEnds: torture.unexpectedEnds, recovery: torture.recovery, replay: replay(seed),
            isAsserted: guarantee == .exactlyOnce || !possible.contains(.freezeWorker))
        isKept = summary.isFailure
        return summary
    }

    private func replay(_ seed: UInt64) -> String {
        var words = [
            "swiftwater-torture", "--minutes \(minutes)", "--seed \(seed)", "--guarantee \(guarantee.rawValue)",
        ]
        words +=
            ["--workers \(workers)", "--rate \(rate)", "--interval \(interval)"] + kinds.map { "--kind \($0.rawValue)" }
        if let bootstrapServers { words.append("--bootstrap-servers \(bootstrapServers)") }
        return words.joined(separator: " ")
    }

    private func encoded(_ summary: Summary) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        return String(decoding: try encoder.encode(summary), as: UTF8.self)
    }
}
