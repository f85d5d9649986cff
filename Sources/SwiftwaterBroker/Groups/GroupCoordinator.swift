// The shell around the groups: it owns the time, the held requests and the offset log, and decides nothing.
//
// A request becomes an event of a `Group`; the actions that come back are done here. A JoinGroup or SyncGroup that has no answer yet
// leaves its continuation under a number. One timer runs for all groups: it wakes at the earliest of their deadlines, and the group's
// `tick` does the rest. Heartbeats only move deadlines away, so a wake-up may come too early but never too late.
//
// Everything that a client is told is in the log first. After a restart groups come back with their offsets, their generation and,
// if all had their assignments, their members: these notice nothing, and one that is gone is expelled at its session time-out.

package import Logging

package actor GroupCoordinator {
    /// What the groups need to know of the rest of the broker.
    package struct Surroundings: Sendable {
        /// Whether an offset may be committed for it.
        package var hasPartition: @Sendable (_ topic: String, _ partition: Int32) async -> Bool
        /// This broker, as clients reach it.
        package var node: @Sendable () async -> (id: Int32, host: String, port: Int32)

        package init(
            hasPartition: @escaping @Sendable (_ topic: String, _ partition: Int32) async -> Bool,
            node: @escaping @Sendable () async -> (id: Int32, host: String, port: Int32)
        ) {
            self.hasPartition = hasPartition
            self.node = node
        }
    }

    let configuration: GroupConfiguration
    let surroundings: Surroundings
    let logger: Logger
    var groups: [String: Group] = [:]
    /// By producer id and group: the epoch of the producer whose transaction the group takes part in.
    var admitted: [Int64: [String: Int16]] = [:]
    private let log: OffsetLog
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var deadlines: [String: Duration] = [:]
    private var alarm: (time: Duration, task: Task<Void, Never>)?
    private var joins: [HeldRequest: CheckedContinuation<JoinAnswer, Never>] = [:]
    private var syncs: [HeldRequest: CheckedContinuation<SyncAnswer, Never>] = [:]
    private var requests: UInt64 = 0
    private var isShutDown = false

    /// Reads the groups that the directory knows; it must exist and be this broker's alone.
    package init(
        directory: String, initialRebalanceDelay: Duration? = nil, fsync: Bool = false, logger: Logger,
        surroundings: Surroundings
    ) throws {
        var configuration = GroupConfiguration()
        if let initialRebalanceDelay { configuration.initialRebalanceDelay = initialRebalanceDelay }
        try self.init(
            directory: directory, configuration: configuration, fsync: fsync, logger: logger, surroundings: surroundings
        )
    }

    init(
        directory: String, configuration: GroupConfiguration, fsync: Bool = false, logger: Logger,
        surroundings: Surroundings
    ) throws(StateLogError) {
        var groups: [String: Group] = [:]
        let (log, cut) = try OffsetLog.open(in: directory, isSynchronous: fsync) { record in
            record.apply(to: &groups, configuration: configuration)
        }
        if cut > 0 {
            logger.warning("offset log: cut a torn end", metadata: ["path": "\(log.path)", "bytes": "\(cut)"])
        }
        self.configuration = configuration
        self.surroundings = surroundings
        self.logger = logger
        self.groups = groups
        self.log = log
        self.start = clock.now
        Task { [weak self] in await self?.watchAll() }
    }

    /// Members that came back from the log may be silent for good.
    private func watchAll() {
        for (id, group) in groups where deadlines[id] == nil { deadlines[id] = group.nextDeadline }
        setAlarm()
    }

    /// Answers what is held; whatever comes later is refused.
    package func shutdown() {
        isShutDown = true
        alarm?.task.cancel()
        alarm = nil
        for held in Array(joins.keys) + Array(syncs.keys) { abandon(held) }
    }

    var now: Duration { clock.now - start }

    // MARK: - Events

    /// Runs an event on a group, which is created if need be, and does what it asks for.
    ///
    /// The group is taken out of the dictionary meanwhile, so that it is changed in place and not copied.
    func withGroup<Result>(_ id: String, _ event: (inout Group, Duration) -> (Result, [GroupAction])) -> Result {
        let now = now
        let isKnown = groups[id] != nil
        var group = groups.removeValue(forKey: id) ?? Group(id: id, configuration: configuration, now: now)
        let (result, actions) = event(&group, now)
        settle(group, isKnown: isKnown, now: now)
        for action in actions { perform(action, group: id) }
        return result
    }

    private func settle(_ group: Group, isKnown: Bool, now: Duration) {
        guard !group.isDisposable(now: now) else {
            deadlines[group.id] = nil
            if isKnown, group.generation > 0 { record(.removeGroup(group.id)) }
            return
        }
        groups[group.id] = group
        deadlines[group.id] = group.nextDeadline
        setAlarm()
    }

    private func perform(_ action: GroupAction, group: String) {
        switch action {
        case .answerJoin(let held, let answer): joins.removeValue(forKey: held)?.resume(returning: answer)
        case .answerSync(let held, let answer): syncs.removeValue(forKey: held)?.resume(returning: answer)
        case .recordGeneration(let generation, let protocolType):
            record(.generation(group: group, generation: generation, protocolType: protocolType))
        case .recordMembership(let membership): record(.membership(group: group, membership))
        }
    }

    /// Waits for the answer that some event will give.
    func heldJoin(_ send: (isolated GroupCoordinator, HeldRequest) -> Void) async -> JoinAnswer {
        let held = takeNumber()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                joins[held] = continuation
                if isShutDown || Task.isCancelled { abandon(held) } else { send(self, held) }
            }
        } onCancel: {
            Task { await self.abandon(held) }
        }
    }

    /// Waits for the answer that some event will give.
    func heldSync(_ send: (isolated GroupCoordinator, HeldRequest) -> Void) async -> SyncAnswer {
        let held = takeNumber()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                syncs[held] = continuation
                if isShutDown || Task.isCancelled { abandon(held) } else { send(self, held) }
            }
        } onCancel: {
            Task { await self.abandon(held) }
        }
    }

    private func takeNumber() -> HeldRequest {
        requests += 1
        return HeldRequest(number: requests)
    }

    private func abandon(_ held: HeldRequest) {
        joins.removeValue(forKey: held)?.resume(returning: .failed(.coordinatorNotAvailable, memberID: ""))
        syncs.removeValue(forKey: held)?.resume(returning: .failed(.coordinatorNotAvailable))
    }

    // MARK: - Time

    private func setAlarm() {
        guard !isShutDown, let time = deadlines.values.min() else { return }
        if let alarm, alarm.time <= time { return }
        alarm?.task.cancel()
        let instant = start + time
        let task = Task { [weak self, clock] in
            guard (try? await clock.sleep(until: instant)) != nil else { return }
            await self?.wake()
        }
        alarm = (time, task)
    }

    func forgetDeadline(of group: String) {
        deadlines[group] = nil
    }

    private func wake() {
        alarm = nil
        let now = now
        for (id, deadline) in deadlines where deadline <= now {
            withGroup(id) { group, now in ((), group.tick(now: now)) }
        }
        setAlarm()
    }

    // MARK: - Log

    /// Whether the record is in the log now.
    @discardableResult
    func record(_ record: OffsetLogRecord) -> Bool {
        do {
            try log.append(record)
        } catch {
            logger.error("group state not written", metadata: ["error": "\(error)"])
            return false
        }
        return true
    }

    /// Rewrites the log if it has grown by much. Only between events, when every group is in its place.
    func compactIfDue() {
        guard log.wantsCompaction else { return }
        do {
            try log.compact(to: groups.values.flatMap(\.records))
        } catch {
            logger.error("offset log not compacted", metadata: ["error": "\(error)"])
        }
    }
}
