import Foundation

/// Runs what blocks in librdkafka on a thread of its own, so that Swift's threads stay free.
package enum Blocking {
    package static func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Swift.Result { try body() }) }.start()
        }
    }
}
