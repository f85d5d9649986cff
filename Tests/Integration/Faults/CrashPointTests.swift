// A worker of the reference application dies at every named place, in every order of the tasks of a commit, comes back, and what it
// made is compared with the model: `swiftwater-torture crash` does one of them, with a broker of its own.

import Foundation
import SwiftwaterKafka
import Testing

@Suite(.integration, .enabled(if: TestCluster.given == nil, "needs a broker with short sessions"))
struct CrashPointTests {
    /// A place, what must be so that a worker comes by it, and how often it is let pass.
    struct Crash: CustomTestStringConvertible, Sendable {
        var point: CrashPoint
        var passage = 1
        var isReversed = false
        var flags: [String] = []

        var at: String { "\(point.rawValue):\(passage)\(isReversed ? ":reversed" : "")" }
        var testDescription: String { at }
    }

    /// Places that only transactions have.
    private static let transactional: Set<CrashPoint> = [.afterOffsets]

    /// In the commit itself.
    static let commits: [Crash] = CrashPoint.allCases.flatMap { point -> [Crash] in
        switch point {
        case .beforeFlush, .afterFlush, .afterDelivery, .afterOffsets, .afterEndTransaction, .afterStores:
            [Crash(point: point), Crash(point: point, passage: 3)]
        case .betweenStores:
            // After the first task's stores and after the second's, forwards and backwards.
            [1, 2].flatMap { passage in
                [false, true].map { Crash(point: point, passage: passage, isReversed: $0) }
            }
        case .onRevoke, .afterRevokeCommit, .duringRestore, .afterRestore, .beforeOpen, .afterOpen, .afterAssign,
            .afterTopics:
            []
        }
    }

    /// While tasks come and go.
    static let moves: [Crash] = CrashPoint.allCases.flatMap { point -> [Crash] in
        switch point {
        case .onRevoke, .afterRevokeCommit: [Crash(point: point, flags: ["--joining"])]
        case .duringRestore, .afterRestore: [Crash(point: point, flags: ["--restoring"])]
        case .beforeOpen, .afterOpen: [Crash(point: point, passage: 2)]
        case .afterAssign, .afterTopics: [Crash(point: point)]
        case .beforeFlush, .afterFlush, .afterDelivery, .afterOffsets, .afterEndTransaction, .afterStores,
            .betweenStores:
            []
        }
    }

    @Test(.timeLimit(.minutes(10)), arguments: commits)
    func `killed in a commit, exactly once`(crash: Crash) async throws {
        try await run(crash, "exactly-once")
    }

    @Test(.timeLimit(.minutes(10)), arguments: moves)
    func `killed while tasks come and go, exactly once`(crash: Crash) async throws {
        try await run(crash, "exactly-once")
    }

    @Test(.timeLimit(.minutes(10)), arguments: commits.filter { !transactional.contains($0.point) })
    func `killed in a commit, at least once`(crash: Crash) async throws {
        try await run(crash, "at-least-once")
    }

    @Test(.timeLimit(.minutes(10)), arguments: moves)
    func `killed while tasks come and go, at least once`(crash: Crash) async throws {
        try await run(crash, "at-least-once")
    }

    private func run(_ crash: Crash, _ guarantee: String) async throws {
        let result = try await ChildProcess.run(
            try Programs.torture, ["crash", "--at", crash.at, "--guarantee", guarantee] + crash.flags,
            limit: .seconds(240))
        let words = (result.output + result.error).joined(separator: "\n")
        #expect(result.status == 0, "\(crash.at): \(words)")
    }
}
