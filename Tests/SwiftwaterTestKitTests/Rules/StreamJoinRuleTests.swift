import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct StreamJoinRuleTests {
    enum Kind: CaseIterable {
        case inner, left, outer
    }

    private func joined(
        _ kind: Kind,
        _ windows: JoinWindows,
        joined: StreamJoined<String, String, String> = StreamJoined()
    ) -> StreamsBuilder {
        let builder = StreamsBuilder()
        let left = builder.texts("left")
        let right = builder.texts("right")
        switch kind {
        case .inner:
            left.join(right, windows, joined: joined) { "\($0)+\($1)" }.to("out", key: .string, value: .string)
        case .left:
            left.leftJoin(right, windows, joined: joined) { "\($0)+\($1 ?? "-")" }
                .to("out", key: .string, value: .string)
        case .outer:
            left.outerJoin(right, windows, joined: joined) { "\($0 ?? "-")+\($1 ?? "-")" }
                .to("out", key: .string, value: .string)
        }
        return builder
    }

    private static let ten = JoinWindows(timeDifference: .milliseconds(10))

    @Test func `S-69 a record is in its own store before the other is searched: with itself a stream is joined once`()
        throws
    {
        let builder = StreamsBuilder()
        let stream = builder.texts("in")
        stream.join(stream, Self.ten) { "\($0)+\($1)" }.to("out", key: .string, value: .string)
        let run = try StepRun(builder, [("in", "k", "a", 5), ("in", "k", "b", 6)])
        #expect(run.steps == [["k=a+a@5"], ["k=b+a@6", "k=a+b@6", "k=b+b@6"]])
    }

    @Test func `S-69 bounds are included and swapped for the right side, and equal records are matched each`() throws {
        let windows = JoinWindows(before: .milliseconds(5), after: .milliseconds(1), grace: .seconds(1))
        let run = try StepRun(
            joined(.inner, windows),
            [
                ("right", "k", "4", 4), ("right", "k", "5", 5), ("right", "k", "11", 11), ("right", "k", "12", 12),
                ("right", "k", "5", 5), ("right", "other", "5", 5), ("left", "k", "l", 10),
                ("right", "k", "late 5", 5), ("right", "k", "late 4", 4),
            ])
        #expect(run.steps[6] == ["k=l+5@10", "k=l+5@10", "k=l+11@11"])
        #expect(run.steps.suffix(2) == [["k=l+late 5@10"], []])
    }

    @Test func `S-70 a match is as late as the later of two records, with a global table as the stream's`()
        throws
    {
        let run = try RuleRun(
            joined(.inner, Self.ten), [("left", "k", "l", 10), ("right", "k", "7", 7), ("right", "k", "12", 12)])
        #expect(run["out"] == ["k=l+7@10", "k=l+12@12"])
        let builder = StreamsBuilder()
        let table = builder.globalTable("table", key: .string, value: .string)
        builder.stream("in", key: .string, value: .string).join(table, on: { key, _ in key }) { "\($0)+\($1)" }
            .to("out", key: .string, value: .string)
        #expect(try RuleRun(builder, [("table", "k", "t", 90), ("in", "k", "v", 3)])["out"] == ["k=v+t@3"])
    }

    @Test func `S-71 a record without a match is told when stream time is behind its window and the grace`() throws {
        let windows = JoinWindows(timeDifference: .milliseconds(10), grace: .milliseconds(5))
        for kind in [Kind.left, .outer] {
            let run = try StepRun(
                joined(kind, windows), [("left", "k", "l", 100), ("right", "x", "", 115), ("right", "x", "", 116)])
            #expect(run.steps == [[], [], ["k=l+-@100"]])
        }
        let left = try StepRun(joined(.left, windows), [("right", "k", "r", 100), ("left", "x", "x", 500)])
        #expect(left.steps == [[], []])
    }

    @Test func `S-71 what has waited is told by time, the right side first, then by key; what is matched is not`()
        throws
    {
        let run = try StepRun(
            joined(.outer, Self.ten),
            [
                ("left", "b", "1", 101), ("left", "a", "2", 101), ("right", "c", "3", 101), ("left", "z", "4", 100),
                ("left", "m", "5", 102), ("right", "m", "6", 103), ("left", "x", "", 200),
            ])
        #expect(run.steps[5] == ["m=5+6@103"])
        #expect(run.steps[6] == ["z=4+-@100", "c=-+3@101", "a=2+-@101", "b=1+-@101"])
    }

    @Test func `S-71 each side waits as long as its match may still come`() throws {
        let windows = JoinWindows(before: .milliseconds(2), after: .milliseconds(10))
        let run = try StepRun(
            joined(.outer, windows),
            [
                ("right", "r", "r", 100), ("left", "l", "l", 101), ("right", "x", "", 102), ("right", "x", "", 103),
                ("right", "y", "", 111), ("right", "y", "", 112),
            ])
        let steps = run.steps.map { $0.filter { $0.hasPrefix("r=") || $0.hasPrefix("l=") } }
        #expect(steps == [[], [], [], ["r=-+r@100"], [], ["l=l+-@101"]])
    }

    @Test func `S-71 S-72 with unequal bounds a record waits as long as the side that comes next would`() throws {
        let windows = JoinWindows(before: .milliseconds(5), after: .zero)
        // A match of the left record can come no later than 100; the right side still looks as far ahead as its own may.
        let right = try StepRun(
            joined(.left, windows),
            [("left", "k", "l", 100), ("right", "x", "", 101), ("right", "x", "", 105), ("right", "x", "", 106)])
        #expect(right.steps == [[], [], [], ["k=l+-@100"]])
        let left = try StepRun(joined(.left, windows), [("left", "k", "l", 100), ("left", "x", "x", 101)])
        #expect(left.steps == [[], ["k=l+-@100"]])
    }

    @Test func `S-60 S-74 over windows of no length nothing is joined: the stores keep nothing`() throws {
        let run = try StepRun(
            joined(.left, JoinWindows(timeDifference: .zero)),
            [("left", "k", "l", 100), ("right", "k", "r", 100), ("right", "x", "", 101)])
        #expect(run.steps == [[], [], ["k=l+-@100"]])
    }

    @Test func `S-72 either side tells what has waited, but only with a record that is not late`() throws {
        for side in ["left", "right"] {
            let run = try StepRun(
                joined(.outer, Self.ten),
                [("left", "k", "l", 100), (side, "k", nil, 200), (side, "y", "y", 199), (side, "z", "z", 200)])
            #expect(run.steps == [[], [], [], ["k=l+-@100"]])
        }
    }

    @Test func `S-73 a late record whose window has closed is told at once, and once`() throws {
        for kind in [Kind.left, .outer] {
            let run = try StepRun(
                joined(kind, Self.ten),
                [
                    ("left", "x", "x", 200), ("left", "k", "closed", 189), ("left", "k", "open", 190),
                    ("left", "x", "x", 201),
                ])
            #expect(run.steps == [[], ["k=closed+-@189"], [], ["k=open+-@190"]])
        }
    }

    @Test func `S-74 late records are joined as long as the stores keep their matches: both bounds and the grace`()
        throws
    {
        let windows = JoinWindows(before: .milliseconds(12), after: .milliseconds(8), grace: .milliseconds(3))
        let stores = try joined(.inner, windows).build().stores
        #expect(stores.map(\.kind.segments?.retention) == [23, 23])

        let builder = joined(.inner, Self.ten)
        let kept = try RuleRun(builder, [("right", "k", "r", 100), ("right", "x", "", 119), ("left", "k", "late", 95)])
        #expect(kept["out"] == ["k=late+r@100"])
        let gone = try RuleRun(builder, [("right", "k", "r", 100), ("right", "x", "", 120), ("left", "k", "late", 95)])
        #expect(gone["out"].isEmpty)

        let error = #expect(throws: StreamsError.self) {
            try joined(
                .inner, Self.ten,
                joined: StreamJoined(thisStore: .persistent("one"), otherStore: .persistent("one"))
            ).build()
        }
        #expect(error?.code == .invalidTopology)
    }

    @Test func `S-75 ST-11 equal records without a match are all told, and a match takes all of them away`() throws {
        let run = try StepRun(
            joined(.outer, Self.ten),
            [
                ("left", "k", "a", 100), ("left", "k", "b", 100), ("left", "m", "c", 100), ("left", "m", "d", 100),
                ("right", "m", "e", 105), ("left", "x", "", 200),
            ])
        #expect(run.steps[4] == ["m=c+e@105", "m=d+e@105"])
        #expect(run.steps[5] == ["k=a+-@100", "k=b+-@100"])
    }
}
