import Testing

@testable import Swiftwater

/// State that is ahead of the group's offsets.
struct OffsetGapTests {
    private let checkpoint = TaskCheckpoint(inputOffsets: [.init("in", 0): 10, .init("in", 1): 0])

    @Test func `offsets at or ahead of the state are fine`() {
        for offset in [10, 11] as [Int64] {
            #expect(
                OffsetGap.first(in: checkpoint, found: [.init("in", 0): offset, .init("in", 1): 0], uncommitted: [])
                    == nil)
        }
        #expect(OffsetGap.first(in: TaskCheckpoint(), found: [:], uncommitted: []) == nil)
    }

    @Test func `offsets that were set back are told with the offset that the state needs`() {
        let gap = OffsetGap.first(in: checkpoint, found: [.init("in", 0): 9], uncommitted: [])
        #expect(gap == OffsetGap(input: .init("in", 0), kept: 10, kind: .setBack(to: 9)))
    }

    @Test func `expired offsets are told, also where the source would begin behind the state`() {
        let input = TopicPartition("in", 0)
        let gap = OffsetGap.first(in: checkpoint, found: [input: 50], uncommitted: [input])
        #expect(gap == OffsetGap(input: input, kept: 10, kind: .gone))
    }

    @Test func `an input of which the state holds nothing may have lost its offset`() {
        let input = TopicPartition("in", 1)
        #expect(OffsetGap.first(in: checkpoint, found: [input: 0], uncommitted: [input]) == nil)
    }
}
