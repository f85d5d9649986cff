import RDKafka
import Swiftwater
import SwiftwaterKafka
import Testing

/// What those see who follow an application from its beginning to its end.
@Suite(.integration) struct ApplicationStatesTests {
    @Test(.timeLimit(.minutes(2))) func `L-01 R-03 R-17 the states come in their order, and the end leaves the group`()
        async throws
    {
        try await StreamsFixture.run { fixture in
            try await fixture.create("lines", partitions: 2)
            try await fixture.create("counts", partitions: 1)
            let application = try fixture.application(try fixture.wordCount()) {
                // Long enough that the group cannot have noticed by itself.
                $0.sessionTimeout = .seconds(60)
            }
            let states = application.states()
            try await application.start()
            try await application.wait(for: .running)
            let group = fixture.topic("app")
            #expect(try await members(of: group, on: fixture.servers) == 1)
            try await application.stop()
            var seen: [StreamsState] = []
            for await state in states { seen.append(state) }
            #expect(seen == [.created, .rebalancing, .running, .stopping, .stopped])
            try await eventually("nobody is in the group", limit: .seconds(20)) {
                try await members(of: group, on: fixture.servers) == 0
            }
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `L-01 R-03 what ends an application is its last state, and is thrown to all who wait`()
        async throws
    {
        try await StreamsFixture.run { fixture in
            try await fixture.create("counts", partitions: 1)
            let application = try fixture.application(try fixture.wordCount())
            let states = application.states()
            let start = await #expect(throws: StreamsError.self) { try await application.start() }
            #expect(start?.code == .missingTopic)
            var seen: [StreamsState] = []
            for await state in states { seen.append(state) }
            #expect(seen == [.created, .rebalancing, .failed])
            let wait = await #expect(throws: StreamsError.self) { try await application.wait(for: .running) }
            #expect(wait?.code == .missingTopic)
            let again = await #expect(throws: StreamsError.self) { try await application.start() }
            #expect(again?.code == .invalidState)
        }
    }

    private func members(of group: String, on servers: String) async throws -> Int {
        try await Blocking.run {
            let described = try TestCluster(servers).admin().describeGroups([group], timeout: TestCluster.limit)
            return described.reduce(0) { $0 + $1.members.count }
        }
    }
}
