// Started all at once, a hundred applications on one broker time out on a small machine. So a test that starts a process or talks to a
// broker has one of few places, and its suite says so: `@Suite(.integration)`. What hands out brokers and processes refuses those that
// have no place, so a new suite cannot forget it.

import Foundation
import Testing

/// Gives each test function a place among the few that run at once.
///
/// The place is the function's, not that of each of its cases: `timeLimit` begins with a case, so no test uses up its time while it
/// waits for a place. The cases of a function run one after the other for that reason.
struct IntegrationTrait: SuiteTrait, TestTrait, TestScoping {
    /// The environment variable that says how many run at once.
    static let variable = "SWIFTWATER_TEST_PLACES"

    /// Whether the present task belongs to a test that has a place.
    @TaskLocal static var hasPlace = false

    private static let places = Places(
        ProcessInfo.processInfo.environment[variable].flatMap { Int($0) }.map { max(1, $0) } ?? 4)

    var isRecursive: Bool { true }

    func scopeProvider(for test: Test, testCase: Test.Case?) -> Self? {
        test.isSuite || testCase != nil ? nil : self
    }

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        // A trait of the suite and one of the function are still one test.
        if Self.hasPlace { return try await function() }
        try await Self.places.withPlace {
            try await Self.$hasPlace.withValue(true) {
                try await withoutActuallyEscaping(function) { function in
                    try await Self.ahead {
                        try await ParallelizationTrait.serialized.provideScope(
                            for: test, testCase: nil, performing: function)
                    }
                }
            }
        }
    }

    /// Runs the body ahead of what computes: each priority has threads of its own, while at the same one a test that has heard
    /// from its broker would stand in line behind all the tests that only compute, and miss its deadlines there.
    private static func ahead(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(priority: .high) { try await body() }
            try await group.waitForAll()
        }
    }

    /// What hands out a broker or a process calls this first.
    static func requirePlace() throws {
        guard hasPlace else {
            throw ChildError(
                """
                a test without a place asks for a broker or a process: say @Suite(.integration) of its suite, \
                and ask within the test's own task
                """)
        }
    }
}

extension Trait where Self == IntegrationTrait {
    /// For tests that start a process or talk to a broker.
    static var integration: IntegrationTrait { IntegrationTrait() }
}
