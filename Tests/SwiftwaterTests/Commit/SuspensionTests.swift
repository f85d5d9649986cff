import Testing

@testable import Swiftwater

/// Whether a suspended task goes on where it stood.
struct SuspensionTests {
    private let input = TopicPartition("in", 0)
    private var task: Suspension { Suspension(committed: [input: 5], changelogOffsets: [0: 8]) }

    @Test func `it does if offsets and changelogs are where it left them, its own marker aside`() {
        #expect(task.isUntouched(found: [input: 5], ends: [0: 8], isTransactional: false))
        #expect(task.isUntouched(found: [input: 5], ends: [0: 9], isTransactional: true))
    }

    @Test func `it does not if another member wrote to a changelog, even if it left the offsets`() {
        #expect(!task.isUntouched(found: [input: 5], ends: [0: 9], isTransactional: false))
        #expect(!task.isUntouched(found: [input: 5], ends: [0: 10], isTransactional: true))
        #expect(!task.isUntouched(found: [input: 6], ends: [0: 8], isTransactional: true))
    }

    @Test func `it does not if nobody could say where a changelog ends`() {
        #expect(!task.isUntouched(found: [input: 5], ends: [0: nil], isTransactional: true))
    }
}
