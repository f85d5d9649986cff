@testable import SwiftwaterBroker

/// A group with a clock that stands until it is moved, and the answers that have come so far.
struct GroupScene {
    var group: Group
    var now: Duration = .zero
    var joins: [HeldRequest: JoinAnswer] = [:]
    var syncs: [HeldRequest: SyncAnswer] = [:]
    private var requests: UInt64 = 0

    init(initialDelay: Duration = .zero, change: (inout GroupConfiguration) -> Void = { _ in }) {
        var configuration = GroupConfiguration()
        configuration.initialRebalanceDelay = initialDelay
        change(&configuration)
        group = Group(id: "g", configuration: configuration, now: .zero)
    }

    static func request(
        _ memberID: String = "", instance: String? = nil, client: String = "c", session: Duration = .seconds(10),
        rebalance: Duration = .seconds(60), type: String = "consumer",
        protocols: [GroupProtocol] = [GroupProtocol(name: "range", metadata: [1])], known: Bool = false,
        skip: Bool = false
    ) -> JoinRequest {
        JoinRequest(
            memberID: memberID, instanceID: instance, clientID: client, clientHost: "127.0.0.1",
            sessionTimeout: session, rebalanceTimeout: rebalance, protocolType: type, protocols: protocols,
            requiresKnownMember: known, canSkipAssignment: skip)
    }

    mutating func join(_ request: JoinRequest) -> HeldRequest {
        let held = nextRequest()
        take(group.join(request, as: held, uniqueID: "\(held.number)", now: now))
        return held
    }

    mutating func sync(
        _ memberID: String, instance: String? = nil, generation: Int32? = nil, type: String? = nil,
        name: String? = nil, _ assignments: [String: [UInt8]] = [:]
    ) -> HeldRequest {
        let held = nextRequest()
        let request = SyncRequest(
            memberID: memberID, instanceID: instance, generation: generation ?? group.generation, protocolType: type,
            protocolName: name, assignments: assignments)
        take(group.sync(request, as: held, now: now))
        return held
    }

    mutating func beat(_ memberID: String, instance: String? = nil, generation: Int32? = nil) -> ErrorCode {
        group.heartbeat(
            memberID: memberID, instanceID: instance, generation: generation ?? group.generation, now: now)
    }

    mutating func leave(_ memberID: String, instance: String? = nil) -> ErrorCode {
        let (errors, actions) = group.leave([LeavingMember(memberID: memberID, instanceID: instance)], now: now)
        take(actions)
        return errors[0]
    }

    mutating func commit(_ memberID: String, generation: Int32? = nil) -> ErrorCode {
        group.admitCommit(
            memberID: memberID, instanceID: nil, generation: generation ?? group.generation, now: now)
    }

    /// Time passes; every deadline on the way is kept in its turn.
    mutating func pass(_ duration: Duration) {
        let end = now + duration
        while let next = group.nextDeadline, next <= end {
            if group.isDisposable(now: max(now, next)) { break }
            now = max(now, next)
            take(group.tick(now: now))
            precondition(group.nextDeadline.map { $0 > now } ?? true, "a tick leaves no passed deadline")
        }
        now = end
    }

    private mutating func nextRequest() -> HeldRequest {
        requests += 1
        return HeldRequest(number: requests)
    }

    private mutating func take(_ actions: [GroupAction]) {
        for action in actions {
            switch action {
            case .answerJoin(let held, let answer):
                precondition(joins.updateValue(answer, forKey: held) == nil, "a JoinGroup is answered once")
            case .answerSync(let held, let answer):
                precondition(syncs.updateValue(answer, forKey: held) == nil, "a SyncGroup is answered once")
            case .recordGeneration, .recordMembership: break
            }
        }
    }

    /// A stable group of `count` members; the first leads. Member k is assigned [k].
    mutating func settle(_ count: Int) -> [String] {
        var ids: [String] = []
        for _ in 0..<count {
            let held = join(Self.request())
            if ids.isEmpty {
                ids.append(joins[held]?.memberID ?? "")
                continue
            }
            for id in ids { _ = join(Self.request(id)) }
            ids.append(joins[held]?.memberID ?? "")
        }
        let assignments = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, [UInt8($0)]) })
        for id in ids.reversed() { _ = sync(id, id == group.leader ? assignments : [:]) }
        precondition(group.state == .stable)
        return ids
    }
}
