import RDKafka
import Swiftwater
import Testing

@testable import SwiftwaterKafka

/// What a thread makes of being shut out of its transactional id.
struct FenceTests {
    private let cause = KafkaError(.producerFenced, operation: "commit")
    private let session = Duration.seconds(6)

    @Test func `once waits for a session and goes on`() throws {
        var fence = Fence()
        let now = ContinuousClock.now
        try fence.noticed(at: now, session: session, cause: cause)
        #expect(fence.waitsUntil == now + session)
    }

    @Test func `again soon after is another process, and the error says what to look at`() throws {
        var fence = Fence()
        let now = ContinuousClock.now
        try fence.noticed(at: now, session: session, cause: cause)
        let error = #expect(throws: StreamsError.self) {
            try fence.noticed(at: now + session * 2, session: session, cause: cause)
        }
        #expect(error?.code == .stateDirectory)
        #expect(error?.message.contains("state directory copied") == true)
    }

    @Test func `long after is once again`() throws {
        var fence = Fence()
        let now = ContinuousClock.now
        try fence.noticed(at: now, session: session, cause: cause)
        try fence.noticed(at: now + session * 4, session: session, cause: cause)
    }
}
