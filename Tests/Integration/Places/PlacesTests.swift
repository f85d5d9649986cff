import Synchronization
import Testing

struct PlacesTests {
    /// Which bodies were let in, in their order, and how many at once.
    private final class Visits: Sendable {
        private struct State {
            var order: [Int] = []
            var present = 0
            var most = 0
        }

        private let state = Mutex(State())
        var order: [Int] { state.withLock { $0.order } }
        var most: Int { state.withLock { $0.most } }

        func enter(_ number: Int) {
            state.withLock { state in
                state.order.append(number)
                state.present += 1
                state.most = max(state.most, state.present)
            }
        }

        func leave() { state.withLock { $0.present -= 1 } }
    }

    /// Returns when so many wait.
    private func wait(for waiting: Int, at places: Places) async {
        while places.standing.waiting != waiting { await Task.yield() }
    }

    @Test func `no more are let in than there are places`() async throws {
        let (places, visits) = (Places(3), Visits())
        try await withThrowingTaskGroup { group in
            for number in 0..<200 {
                group.addTask {
                    try await places.withPlace {
                        visits.enter(number)
                        for _ in 0..<20 { await Task.yield() }
                        visits.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(visits.order.sorted() == Array(0..<200))
        #expect(visits.most == 3)
        #expect(places.standing == (3, 0))
    }

    @Test func `who asked first is let in first, and who is cancelled gives up its turn only`() async throws {
        let (places, visits) = (Places(1), Visits())
        let (door, opened) = AsyncStream.makeStream(of: Void.self)
        let first = Task { try await places.withPlace { for await _ in door {} } }
        while places.standing.free > 0 { await Task.yield() }
        var others: [Task<Void, any Error>] = []
        for number in 0..<5 {
            others.append(
                Task {
                    try await places.withPlace {
                        visits.enter(number)
                        visits.leave()
                    }
                })
            await wait(for: number + 1, at: places)
        }
        others[1].cancel()
        others[3].cancel()
        await wait(for: 3, at: places)
        opened.finish()
        try await first.value
        for (number, other) in others.enumerated() {
            if number % 2 == 1 {
                await #expect(throws: CancellationError.self) { try await other.value }
            } else {
                try await other.value
            }
        }
        #expect(visits.order == [0, 2, 4])
        #expect(places.standing == (1, 0))
    }

    @Test func `a body that throws gives its place back, and one that is cancelled before it asks has none`()
        async throws
    {
        let places = Places(1)
        await #expect(throws: ChildError.self) {
            try await places.withPlace { () async throws -> Void in throw ChildError("thrown") }
        }
        let (door, opened) = AsyncStream.makeStream(of: Void.self)
        let late = Task {
            for await _ in door {}
            try await places.withPlace { _ = Issue.record("it was let in") }
        }
        late.cancel()
        opened.finish()
        await #expect(throws: CancellationError.self) { try await late.value }
        #expect(places.standing == (1, 0))
    }

    @Test func `a test without a place gets neither a broker nor a process`() async throws {
        await #expect(throws: ChildError.self) { try await TestCluster.with { _ in } }
        await #expect(throws: ChildError.self) { try await StreamsFixture.run { _ in } }
        await #expect(throws: ChildError.self) { try await BrokerProcess.with { _, _ in } }
    }

    @Test(.integration, .timeLimit(.minutes(1)), arguments: 1...3)
    func `a test with a place has it also in its children, and its cases come one after the other`(number: Int) async {
        let present = Self.present.withLock { present in
            present += 1
            return present
        }
        #expect(present == 1)
        #expect(IntegrationTrait.hasPlace)
        #expect(await Task { IntegrationTrait.hasPlace && Task.currentPriority >= .high }.value)
        for _ in 0..<100 { await Task.yield() }
        Self.present.withLock { $0 -= 1 }
    }

    private static let present = Mutex(0)
}
