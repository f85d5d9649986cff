import ArgumentParser
import Foundation

/// One worker that kills itself at one place, is started again, and is compared with the model at the end; for the tests.
struct CrashCommand: ParsableCommand {
    static let role = "crash"

    @Option(help: "The point, as in SWIFTWATER_CRASH_AT: afterFlush:3.") var at: String
    @Option var guarantee = Guarantee.exactlyOnce
    @Option(help: "A broker that runs already.") var bootstrapServers: String?
    @Option var numbers: Int64 = 900
    @Flag(help: "The first worker's state is gone when it comes back to crash.") var restoring = false
    @Flag(help: "A second worker joins, so that the first one's tasks are revoked.") var joining = false
    @Flag var cached = false

    func run() throws {
        Interruption.trap()
        var options = Rig.Options()
        options.guarantee = guarantee
        options.workers = joining ? 2 : 1
        options.rate = 150
        options.cached = cached
        options.servers = bootstrapServers
        // No broker but our own allows less than 6 s; a dead member holds the group up for so long.
        options.sessionTimeout = bootstrapServers == nil ? 1_500 : 6_000
        options.numbers = numbers / 3
        // The death of a process costs each thread its interval; with one it is known which.
        options.threads = 1
        let rig = try Rig(named: "crash-\(at.split(separator: ":").joined(separator: "-"))-\(getpid())", options)
        var isKept = true
        defer { rig.close(keeping: isKept) }
        let findings = try crash(rig)
        for example in findings.examples { Report.line(example) }
        Report.line(
            """
            \(at): lost \(findings.lost), doubled \(findings.doubled), strange \(findings.strange), stores that differ \
            \(findings.storesThatDiffer) of \(findings.storesCompared), offsets that differ \(findings.offsetsThatDiffer)
            """)
        isKept = !isFine(findings)
        if isKept { throw ExitCode.failure }
    }

    /// At least once, what was not committed is there again; what was committed is not.
    private func isFine(_ findings: Findings) -> Bool {
        if guarantee == .exactlyOnce { return findings.isClean }
        let isCommitted = ["afterEndTransaction", "betweenStores", "afterStores"].contains(at.split(separator: ":")[0])
        if isCommitted, findings.doubled > 0 { return false }
        return findings.lost + findings.storesThatDiffer + findings.offsetsThatDiffer == 0
    }

    private func crash(_ rig: Rig) throws -> Findings {
        let worker = rig.workers[0]
        rig.feed.start()
        // A first life without incident, so that there is something to lose.
        try worker.start()
        guard try drained(rig, fed: numbers / 3) else { throw TortureError("the first third does not come through") }
        worker.kill()
        if restoring { try worker.forgetState() }

        rig.feed.goOn(to: numbers)
        try worker.start(environment: ["SWIFTWATER_CRASH_AT": at])
        if joining {
            try wait(for: worker, toBe: "running")
            try rig.workers[1].start()
        }
        let status = try worker.child?.waitForEnd(limit: .seconds(60))
        guard status == 128 + SIGKILL else {
            throw TortureError("the worker did not come by \(at) (status \(status.map { "\($0)" } ?? "none, it runs"))")
        }
        worker.readLines()
        try worker.start()
        let outcome = try rig.feed.wait(limit: .seconds(60))
        guard try drained(rig, fed: numbers) else { throw TortureError("the rest does not come through after \(at)") }
        for worker in rig.workers { try wait(for: worker, toBe: "running") }
        for worker in rig.workers {
            let status = try worker.stop(limit: .seconds(30))
            guard status == 0 else {
                throw TortureError("\(worker.name) did not end in order: \(String(describing: status))")
            }
        }
        return try rig.compare(with: outcome)
    }

    private func drained(_ rig: Rig, fed count: Int64) throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(60)
        while rig.feed.count < count, ContinuousClock.now < deadline {
            if let failure = rig.feed.failure { throw failure }
            try Interruption.check()
            Thread.sleep(forTimeInterval: 0.02)
        }
        return try rig.waitUntilDrained(limit: .seconds(60)) {
            for worker in rig.workers {
                if let status = worker.child?.poll() {
                    throw TortureError("\(worker.name) ended with \(status): see \(worker.log)")
                }
            }
        }
    }

    private func wait(for worker: WorkerProcess, toBe state: String) throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while worker.state != state {
            worker.readLines()
            try Interruption.check()
            // One that has crashed already need not be waited for.
            if worker.child?.poll() != nil { return }
            guard ContinuousClock.now < deadline else { throw TortureError("\(worker.name) is \(worker.state)") }
            Thread.sleep(forTimeInterval: 0.01)
        }
    }
}
