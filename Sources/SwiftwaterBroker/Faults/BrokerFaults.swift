// Faults are looked for only while there are some: without any, a request costs one relaxed load.
//
// A fault is taken when a request of its kind has been decoded, under the lock, so that "the next three" are three however many
// connections ask at once.

import Synchronization

/// What goes wrong in a broker on purpose, for tests. May be changed at any time, from any thread.
public final class BrokerFaults: Sendable {
    /// Names a fault that was added.
    public struct ID: Hashable, Sendable {
        let number: Int
    }

    private struct Rule {
        var fault: BrokerFault
        var taken = 0

        var isSpent: Bool { fault.count.map { taken >= $0 } ?? false }
    }

    private struct State {
        var rules: [(id: ID, rule: Rule)] = []
        var added = 0
        var held: [Int: CheckedContinuation<Void, Never>] = [:]
        var holds = 0
        /// Of all that ever were.
        var taken: [ID: Int] = [:]
    }

    private let connections: ConnectionTable
    private let armed = Atomic(false)
    private let state = Mutex(State())

    init(connections: ConnectionTable) {
        self.connections = connections
    }

    var isArmed: Bool { armed.load(ordering: .relaxed) }

    /// Happens from the next request on.
    @discardableResult
    public func add(_ fault: BrokerFault) -> ID {
        state.withLock { state in
            state.added += 1
            let id = ID(number: state.added)
            state.rules.append((id, Rule(fault: fault)))
            state.taken[id] = 0
            armed.store(true, ordering: .relaxed)
            return id
        }
    }

    /// Does nothing if the fault is spent or removed.
    public func remove(_ id: ID) {
        change { $0.rules.removeAll { $0.id == id } }
    }

    /// Requests that are held go on.
    public func removeAll() {
        change { $0.rules = [] }
    }

    /// How many requests the fault has had, also after it was spent or removed.
    public func taken(by id: ID) -> Int {
        state.withLock { $0.taken[id] ?? 0 }
    }

    /// Cuts the open connections of the clients whose `client.id` begins so; the empty text cuts all. They may connect again.
    ///
    /// - Returns: how many were cut.
    @discardableResult
    public func cutConnections(clientID: String = "") -> Int {
        connections.cut(clientID: clientID)
    }

    private func change(_ body: (inout State) -> Void) {
        let released = state.withLock { state in
            body(&state)
            armed.store(!state.rules.isEmpty, ordering: .relaxed)
            defer { state.held = [:] }
            return Array(state.held.values)
        }
        for continuation in released { continuation.resume() }
    }

    // MARK: For the router

    /// What is to happen to a request; returns when nothing holds it any more.
    func effect(on api: APIKey, clientID: String, topics: [String]) async -> BrokerFault.Effect? {
        while !Task.isCancelled {
            let effect = take(api, clientID, topics)
            guard effect == .hold else { return effect }
            await sleepUntilChange(api, clientID, topics)
        }
        return .cut
    }

    private func take(_ api: APIKey, _ clientID: String, _ topics: [String]) -> BrokerFault.Effect? {
        state.withLock { state in
            let index = state.rules.firstIndex {
                $0.rule.fault.applies(to: api, clientID: clientID, topics: topics)
            }
            guard let index else { return nil }
            let id = state.rules[index].id
            state.rules[index].rule.taken += 1
            state.taken[id, default: 0] += 1
            let rule = state.rules[index].rule
            // A hold ends by removal alone: its count would let go of others than those that it holds.
            if rule.isSpent, rule.fault.effect != .hold {
                state.rules.remove(at: index)
                armed.store(!state.rules.isEmpty, ordering: .relaxed)
            }
            return rule.fault.effect
        }
    }

    private func sleepUntilChange(_ api: APIKey, _ clientID: String, _ topics: [String]) async {
        let number = state.withLock { state in
            state.holds += 1
            return state.holds
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isHeld = state.withLock { state in
                    let stillHeld = state.rules.contains {
                        $0.rule.fault.effect == .hold
                            && $0.rule.fault.applies(to: api, clientID: clientID, topics: topics)
                    }
                    guard stillHeld, !Task.isCancelled else { return false }
                    state.held[number] = continuation
                    return true
                }
                if !isHeld { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.held.removeValue(forKey: number) }?.resume()
        }
    }
}
