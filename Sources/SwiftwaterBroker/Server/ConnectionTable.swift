// The open connections, from the moment they are accepted.
//
// NIO ends the process when a connection's writer goes away unfinished, and a connection that is accepted while the broker shuts down
// reaches nobody who would finish it. So the table holds each until it is served, or until the sweep at the end closes it.

import NIOCore
import Synchronization

final class ConnectionTable: Sendable {
    private struct Entry {
        var connection: BrokerServer.Connection
        var isServed = false
        var clientID: String?
    }

    private struct State {
        var entries: [Int: Entry] = [:]
        var accepted = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    /// - Returns: the connection's number, which is its own for the broker's life.
    func accept(_ connection: BrokerServer.Connection) -> Int {
        let (number, isClosed) = state.withLock { state in
            state.accepted += 1
            if !state.isClosed { state.entries[state.accepted] = Entry(connection: connection) }
            return (state.accepted, state.isClosed)
        }
        if isClosed { Task { await Self.close(connection) } }
        return number
    }

    /// nil if the table was closed meanwhile, and the connection with it.
    func beginServing(_ number: Int) -> BrokerServer.Connection? {
        state.withLock { state in
            state.entries[number]?.isServed = true
            return state.entries[number]?.connection
        }
    }

    func note(clientID: String, of number: Int) {
        state.withLock { $0.entries[number]?.clientID = clientID }
    }

    func endServing(_ number: Int) {
        state.withLock { $0.entries[number] = nil }
    }

    /// Cuts the connections of the clients whose id begins so; the empty text cuts all.
    func cut(clientID prefix: String) -> Int {
        let cut = state.withLock { state in
            state.entries.values.filter { prefix.isEmpty || ($0.clientID ?? "").hasPrefix(prefix) }
        }
        for entry in cut { entry.connection.channel.close(promise: nil) }
        return cut.count
    }

    /// Closes what was never served. To be called when no more is being served.
    func close() async {
        let left = state.withLock { state in
            state.isClosed = true
            defer { state.entries = [:] }
            return state.entries.values.filter { !$0.isServed }.map(\.connection)
        }
        for connection in left { await Self.close(connection) }
    }

    private static func close(_ connection: BrokerServer.Connection) async {
        try? await connection.executeThenClose { _, _ in }
    }
}
