import Testing

@testable import Swiftwater

/// How a store's changelog offset moves with the delivery reports.
struct CheckpointAdvanceTests {
    private func advanced(from known: Int64?, by report: ChangelogReport) -> Int64? {
        var checkpoint = TaskCheckpoint()
        checkpoint.changelogOffsets[0] = known
        checkpoint.advance(0, by: report)
        return checkpoint.changelogOffsets[0]
    }

    @Test func `a report moves it to the end that it tells`() {
        #expect(advanced(from: nil, by: .end(5)) == 5)
        #expect(advanced(from: 5, by: .end(9)) == 9)
        #expect(advanced(from: 5, by: .nothing) == 5)
    }

    @Test func `it never goes back, also not to an end that an open transaction of another hides`() {
        #expect(advanced(from: 9, by: .end(5)) == 9)
    }

    @Test func `a success without an offset leaves it, and never makes it 0`() {
        #expect(advanced(from: 5, by: .unknown) == 5)
        #expect(advanced(from: nil, by: .unknown) == nil)
    }
}
