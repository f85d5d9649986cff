import Foundation

/// Carries a plan of faults out, on a rig, and tells what came of it.
final class Torture {
    private let rig: Rig
    private let plan: FaultPlan
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private let monitor: ResultMonitor
    /// What ends or undoes a fault, by time.
    private var pending: [(time: ContinuousClock.Instant, action: () throws -> Void)] = []
    private var isBrokerDown = false
    private var isBrokerTroubled = false
    private var nextRefusal: Int
    private(set) var counts: [FaultKind: Int] = [:]
    private(set) var unexpectedEnds: [String] = []
    private(set) var recovery: [Double] = []
    /// Faults whose records have not come through yet: when, and the first number fed after it.
    private var unrecovered: [(time: ContinuousClock.Instant, number: Int64)] = []
    private let isQuiet: Bool

    init(_ rig: Rig, _ plan: FaultPlan, isQuiet: Bool) {
        self.rig = rig
        self.plan = plan
        self.isQuiet = isQuiet
        // Runs of other seeds begin elsewhere in the list.
        nextRefusal = Int((plan.entries.first?.seed ?? 0) % UInt64(Refusal.all.count))
        start = clock.now
        monitor = ResultMonitor(rig.servers, rig.topics.results)
    }

    deinit { monitor.stop() }

    /// Starts the application and the feed, and returns when the plan is carried out and everything is well again and drained.
    func run(for time: Duration) throws -> FeedOutcome {
        rig.feed.start()
        for worker in rig.workers { try worker.start() }
        try wait(for: "the first results", limit: .seconds(120)) { monitor.progress >= 0 }
        let begin = clock.now
        for entry in plan.entries {
            try wait(until: begin + entry.time)
            try inflict(entry)
        }
        try wait(until: begin + time)
        try wait(for: "the end of the last fault", limit: .seconds(120)) { pending.isEmpty }
        say("no more faults; the rest drains")
        let outcome = try rig.feed.stop(limit: .seconds(120))
        let isDrained = try rig.waitUntilDrained(limit: .seconds(180)) { try turn() }
        if !isDrained { say("not everything was committed within three minutes") }
        // One that is stopped while it restores has less than the others, and rightly so.
        try wait(for: "the end of all restores", limit: .seconds(120)) {
            rig.workers.allSatisfy { $0.state == "running" }
        }
        for worker in rig.workers {
            let status = try worker.stop(limit: .seconds(60))
            if status != 0 {
                unexpectedEnds.append(
                    "\(worker.name) at its graceful end: \(status.map(String.init) ?? "it did not end")")
            }
        }
        return outcome
    }

    // MARK: Faults

    private func inflict(_ entry: FaultPlan.Entry) throws {
        let victims = rig.workers.filter { !$0.isInHand && $0.isRunning }
        let victim = victims.isEmpty ? nil : victims[entry.victim % victims.count]
        let after = Duration.seconds(0.3 + 2.5 * entry.length)
        let session = Duration.milliseconds(rig.options.sessionTimeout)
        switch entry.kind {
        case .killBroker:
            guard !isBrokerDown, let broker = rig.broker else { return }
            isBrokerDown = true
            begin(entry.kind, "for \(after)")
            broker.kill()
            later(after) { [self] in
                try broker.start()
                isBrokerDown = false
            }
        case .hangBroker, .cutConnections, .delayAnswers, .refuseRequests: trouble(entry)
        case .killWorker:
            guard let victim else { return }
            begin(entry.kind, victim.name)
            victim.kill()
            restart(victim, after: after)
        case .freezeWorker:
            guard let victim, let child = victim.child else { return }
            victim.isInHand = true
            let duration = session + .seconds(1 + 2 * entry.length)
            begin(entry.kind, "\(victim.name) for \(duration)")
            child.send(SIGSTOP)
            later(duration) {
                child.send(SIGCONT)
                victim.isInHand = false
            }
        case .stopWorker:
            guard let victim else { return }
            begin(entry.kind, victim.name)
            victim.isInHand = true
            victim.child?.send(SIGTERM)
            awaitEnd(of: victim, until: clock.now + .seconds(60), thenStartAfter: after)
        case .deleteState:
            guard let victim else { return }
            begin(entry.kind, victim.name)
            victim.kill()
            try victim.forgetState()
            restart(victim, after: after)
        case .fillDisk:
            let own = rig.disks.compactMap { disk in
                victims.first { $0.stateDirectory == disk.path }.map { (disk, $0) }
            }
            guard !own.isEmpty else { return }
            let (disk, victim) = own[entry.victim % own.count]
            begin(entry.kind, victim.name)
            victim.isInHand = true
            disk.fill()
            later(.seconds(2 + 3 * entry.length)) { [self] in
                disk.clear()
                // It may have ended by what it met, in order, and that is what it is told to do.
                if victim.child?.poll() != nil { say("\(victim.name) ended on the full disk and starts again") }
                victim.isInHand = false
                if !victim.isRunning { try victim.start() }
            }
        }
    }

    /// Faults that the broker inflicts on the application's connections, and on nobody else's.
    private func trouble(_ entry: FaultPlan.Entry) {
        guard !isBrokerDown, !isBrokerTroubled, let broker = rig.broker else { return }
        var random = SeededRandom(seed: entry.seed)
        let client = "client=\(rig.topics.application)"
        var commands: [String]
        switch entry.kind {
        case .hangBroker: commands = ["hold \(client)"]
        case .delayAnswers: commands = ["delay \(Int.random(in: 20...400, using: &random))ms \(client)"]
        case .cutConnections:
            commands = ["disconnect \(client)", "cut \(client) count=\(Int.random(in: 1...8, using: &random))"]
            commands += Refusal.lost.shuffled(using: &random).prefix(3).map {
                "lose-answer api=\($0) \(client) count=1"
            }
        default:
            // Two lines of the list a time, in turn, so that all come; and two by chance.
            let next = (0..<2).map { Refusal.all[(nextRefusal + $0) % Refusal.all.count] }
            nextRefusal += 2
            let some = Refusal.all.shuffled(using: &random).prefix(2)
            commands = (next + some).map {
                "\($0.effect) api=\($0.api) \(client) count=\(Int.random(in: 1...4, using: &random))"
            }
        }
        begin(entry.kind, commands.joined(separator: "; ").replacing(" \(client)", with: ""))
        isBrokerTroubled = true
        for command in commands { broker.command(command) }
        let time = entry.kind == .refuseRequests ? Duration.seconds(6) : .seconds(1 + 3 * entry.length)
        later(time) { [self] in
            broker.command("clear")
            isBrokerTroubled = false
        }
    }

    private func begin(_ kind: FaultKind, _ what: String) {
        counts[kind, default: 0] += 1
        unrecovered.append((clock.now, rig.feed.count))
        say("\(kind.rawValue) \(what)")
    }

    private func restart(_ worker: WorkerProcess, after time: Duration) {
        worker.isInHand = true
        later(time) {
            try worker.start()
            worker.isInHand = false
        }
    }

    private func awaitEnd(
        of worker: WorkerProcess, until deadline: ContinuousClock.Instant, thenStartAfter time: Duration
    ) {
        later(.milliseconds(50)) { [self] in
            guard let status = worker.child?.poll() else {
                if clock.now < deadline { return awaitEnd(of: worker, until: deadline, thenStartAfter: time) }
                unexpectedEnds.append("\(worker.name) does not end in order")
                worker.kill()
                return restart(worker, after: time)
            }
            if status != 0 { unexpectedEnds.append("\(worker.name) with \(status) when it was to end in order") }
            restart(worker, after: time)
        }
    }

    // MARK: Time

    private func later(_ time: Duration, _ action: @escaping () throws -> Void) {
        pending.append((clock.now + time, action))
    }

    private func wait(until time: ContinuousClock.Instant) throws {
        while clock.now < time { try turn() }
    }

    private func wait(for what: String, limit: Duration, _ isThere: () -> Bool) throws {
        let deadline = clock.now + limit
        while !isThere() {
            guard clock.now < deadline else { throw TortureError("\(what) did not come within \(limit)") }
            try turn()
        }
    }

    /// Does what is due, and looks after the children.
    private func turn() throws {
        try Interruption.check()
        if let failure = rig.feed.failure { throw TortureError("the feed failed: \(failure)") }
        let now = clock.now
        let due = pending.filter { $0.time <= now }
        pending.removeAll { $0.time <= now }
        for entry in due { try entry.action() }
        if !isBrokerDown, let status = rig.broker?.unexpectedEnd {
            throw TortureError("the broker ended with \(status): see \(rig.directory.path("broker.log"))")
        }
        for worker in rig.workers {
            worker.readLines()
            guard !worker.isInHand, let child = worker.child, let status = child.poll() else { continue }
            unexpectedEnds.append("\(worker.name) with \(status)")
            say("\(worker.name) ended with \(status): see \(worker.log)")
            restart(worker, after: .seconds(1))
        }
        let progress = monitor.progress
        for fault in unrecovered where progress >= fault.number {
            recovery.append(fault.time.duration(to: now) / .seconds(1))
        }
        unrecovered.removeAll { progress >= $0.number }
        Thread.sleep(forTimeInterval: 0.02)
    }

    private func say(_ text: String) {
        guard !isQuiet else { return }
        let time = String(format: "%7.2f", start.duration(to: clock.now) / .seconds(1))
        Report.note("\(time) \(text) (fed \(rig.feed.count), out \(monitor.latest))")
    }
}
