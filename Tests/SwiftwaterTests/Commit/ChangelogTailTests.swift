import Testing

@testable import Swiftwater

struct ChangelogTailTests {
    @Test func `R-14 an empty store reads from the beginning to the end`() {
        var tail = ChangelogTail(kept: nil, beginning: 10, end: 13)
        #expect(tail.start == 10)
        #expect(!tail.isRebuild)
        #expect(tail.remaining == 3)
        for offset in 10...11 { tail.read(Int64(offset)) }
        #expect(!tail.isDone)
        tail.read(12)
        #expect(tail.isDone)
    }

    @Test func `a store reads only what came after its own offset`() {
        let tail = ChangelogTail(kept: 12, beginning: 0, end: 13)
        #expect(tail.start == 12)
        #expect(tail.remaining == 1)
        #expect(!tail.isRebuild)
    }

    @Test func `nothing to read is done before anything is assigned`() {
        #expect(ChangelogTail(kept: nil, beginning: 0, end: 0).isDone)
        #expect(ChangelogTail(kept: nil, beginning: 7, end: 7).isDone)
        #expect(ChangelogTail(kept: 13, beginning: 0, end: 13).isDone)
    }

    @Test func `a store is rebuilt if the changelog begins behind it or ends before it`() {
        let expired = ChangelogTail(kept: 5, beginning: 6, end: 13)
        #expect(expired.isRebuild)
        #expect(expired.start == 6)
        let foreign = ChangelogTail(kept: 14, beginning: 0, end: 13)
        #expect(foreign.isRebuild)
        #expect(foreign.start == 0)
    }

    @Test func `S-101 R-14 markers at the end are passed by the end of the partition`() {
        var tail = ChangelogTail(kept: nil, beginning: 0, end: 13)
        tail.read(11)
        #expect(!tail.isDone)
        tail.reachedEndOfPartition(at: 13)
        #expect(tail.isDone)
    }

    @Test func `S-101 R-14 an end that was reported before the last record does not end it`() {
        var tail = ChangelogTail(kept: nil, beginning: 0, end: 13)
        tail.reachedEndOfPartition(at: 9)
        #expect(!tail.isDone)
        #expect(tail.position == 9)
    }

    @Test func `a store that may have missed deletions is rebuilt, unless nothing came after it`() {
        let behind = ChangelogTail(kept: 12, beginning: 0, end: 13, isOutdated: true)
        #expect(behind.isRebuild && behind.start == 0)
        let current = ChangelogTail(kept: 13, beginning: 0, end: 13, isOutdated: true)
        #expect(!current.isRebuild && current.isDone)
        #expect(!ChangelogTail(kept: nil, beginning: 0, end: 13, isOutdated: true).isRebuild)
    }

    @Test func `S-101 R-14 the end of an open transaction is not reached by its last stable offset`() {
        // The end is asked for with open transactions; end-of-partition comes at the last stable offset first.
        var tail = ChangelogTail(kept: 10, beginning: 0, end: 20)
        tail.reachedEndOfPartition(at: 15)
        #expect(!tail.isDone)
        tail.reachedEndOfPartition(at: 21)
        #expect(tail.isDone)
    }

    @Test func `S-94 of a source topic no more is read than is processed, wherever it ends`() {
        var tail = ChangelogTail(kept: 2, beginning: 0, end: 5, isLimited: true)
        #expect(!tail.wants(1))
        #expect(tail.wants(4))
        #expect(!tail.wants(5))
        tail.reachedEndOfPartition(at: 9)
        #expect(tail.position == 5)
        #expect(tail.isDone)
        var whole = ChangelogTail(kept: 2, beginning: 0, end: 5)
        #expect(whole.wants(5))
        whole.reachedEndOfPartition(at: 9)
        #expect(whole.position == 9)
    }
}
