import Swiftwater
import Testing

@testable import SwiftwaterKafka

struct ApplicationStandingTests {
    private func running(threads: Int) -> ApplicationStanding {
        var standing = ApplicationStanding()
        _ = standing.start()
        standing.launch(threads: threads)
        return standing
    }

    @Test func `R-03 L-01 it runs when all of its threads do`() {
        var standing = running(threads: 2)
        #expect(standing.state == .rebalancing)
        _ = standing.receive(.state(.running), from: 0)
        #expect(standing.state == .rebalancing)
        _ = standing.receive(.state(.running), from: 1)
        #expect(standing.state == .running)
    }

    @Test func `R-03 a thread that waits for peers shows`() {
        var standing = running(threads: 2)
        _ = standing.receive(.state(.running), from: 0)
        _ = standing.receive(.state(.waitingForPeers), from: 1)
        #expect(standing.state == .waitingForPeers)
    }

    @Test func `it runs once`() {
        var standing = ApplicationStanding()
        let first = standing.start()
        let second = standing.start()
        #expect(first && !second)
    }

    @Test func `R-17 L-01 stopping ends with the last thread, and no state of a thread undoes it`() {
        var standing = running(threads: 2)
        let action = standing.stop()
        #expect(action == .stopThreads)
        _ = standing.receive(.state(.running), from: 0)
        #expect(standing.state == .stopping)
        let actions = [standing.receive(.ended(nil), from: 0), standing.receive(.ended(nil), from: 1)]
        #expect(actions == [.stopThreads, .finish])
        #expect(standing.state == .stopped)
        #expect(standing.failure == nil)
    }

    @Test func `R-03 a thread that fails takes the others with it, and its error is kept`() throws {
        var standing = running(threads: 2)
        let first = standing.receive(.ended(StreamsError(.disk, "full")), from: 1)
        let second = standing.receive(.ended(StreamsError(.timeout, "later")), from: 0)
        #expect([first, second] == [.stopThreads, .finish])
        #expect(standing.state == .failed)
        #expect((standing.failure as? StreamsError)?.code == .disk)
    }

    @Test func `stopped before it starts, it never starts`() {
        var standing = ApplicationStanding()
        let action = standing.stop()
        #expect(action == .nothing)
        #expect(standing.state == .stopped)
        let starts = standing.start()
        #expect(!starts)
    }

    @Test func `asked to stop while it starts, its threads are told`() {
        var standing = ApplicationStanding()
        _ = standing.start()
        let before = standing.stop()
        standing.launch(threads: 1)
        #expect(standing.shouldStop)
        let after = standing.stop()
        #expect([before, after] == [.nothing, .stopThreads])
    }

    @Test func `B-01 a new plan ends all threads and begins others, and the application goes on`() {
        var standing = running(threads: 2)
        let actions = [standing.replan(), standing.replan()]
        #expect(actions == [.stopThreads, .nothing])
        #expect(standing.state == .rebalancing)
        let first = [standing.receive(.state(.stopping), from: 0), standing.receive(.ended(nil), from: 0)]
        #expect(first == [.nothing, .nothing])
        #expect(standing.state == .rebalancing)
        let last = standing.receive(.ended(nil), from: 1)
        #expect(last == .relaunch)
        standing.launch(threads: 2)
        #expect(!standing.shouldStop)
        for thread in 0..<2 { _ = standing.receive(.state(.running), from: thread) }
        #expect(standing.state == .running)
    }

    @Test func `B-01 stopped or failed while it plans anew, it ends`() {
        struct Failure: Error {}
        var stopped = running(threads: 2)
        _ = stopped.replan()
        let stop = stopped.stop()
        #expect(stop == .stopThreads)
        _ = stopped.receive(.ended(nil), from: 0)
        let end = stopped.receive(.ended(nil), from: 1)
        #expect(end == .finish)
        #expect(stopped.state == .stopped)
        var failed = running(threads: 2)
        _ = failed.replan()
        let failure = failed.receive(.ended(Failure()), from: 0)
        #expect(failure == .stopThreads)
        let finish = failed.receive(.ended(nil), from: 1)
        #expect(finish == .finish)
        #expect(failed.state == .failed)
    }
}
