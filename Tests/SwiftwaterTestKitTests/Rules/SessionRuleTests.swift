import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct SessionRuleTests {
    private func counted(grace: Duration = .zero) -> StreamsBuilder {
        let builder = StreamsBuilder()
        builder.texts("in").groupByKey(key: .string)
            .windowedBy(SessionWindows(inactivityGap: .milliseconds(10), grace: grace))
            .count(as: "counts").writeSessions()
        return builder
    }

    @Test func `S-52 records exactly a gap apart are one session, and a millisecond more makes two`() throws {
        let run = try RuleRun(counted(), [("in", "k", "a", 0), ("in", "k", "b", 10), ("in", "k", "c", 21)])
        #expect(run["out"] == ["k[0-0=1@0", "k[0-0=null@0", "k[0-10=2@10", "k[21-21=1@21"])
    }

    @Test func `S-53 every session that is absorbed is told as deleted before the merged one, at the ends' times`()
        throws
    {
        for isCachingEnabled in [true, false] {
            let run = try RuleRun(
                counted(grace: .seconds(1)),
                isCachingEnabled: isCachingEnabled,
                [("in", "k", "a", 0), ("in", "k", "b", 15), ("in", "k", "between", 8)])
            #expect(
                run["out"] == [
                    "k[0-0=1@0", "k[15-15=1@15", "k[0-0=null@0", "k[15-15=null@15", "k[0-15=3@15",
                ])
        }
    }

    @Test func `S-53 a record of the very time of a session of one time deletes nothing`() throws {
        let run = try RuleRun(counted(), isCachingEnabled: false, [("in", "k", "a", 30), ("in", "k", "b", 30)])
        #expect(run["out"] == ["k[30-30=1@30", "k[30-30=2@30"])
    }

    @Test func `S-54 sessions are merged into a new aggregate, the earlier first, and the record is added last`() throws
    {
        let builder = StreamsBuilder()
        builder.texts("in").groupByKey(key: .string).windowedBy(
            SessionWindows(inactivityGap: .milliseconds(10), grace: .seconds(1))
        )
        .aggregate("i", as: Materialized("s", value: .string)) { key, earlier, later in
            "\(key)(\(earlier)|\(later))"
        } _: { _, value, all in
            all + (value ?? "")
        }
        .writeSessions()
        let run = try RuleRun(builder, [("in", "k", "a", 0), ("in", "k", "b", 15), ("in", "k", "c", 8)])
        #expect(run["out"].last == "k[0-15=k(k(i|ia)|ib)c@15")
    }

    @Test func `S-55 whether a record is late is up to the session it would be part of, and equal is in time`() throws {
        let run = try RuleRun(
            counted(),
            [
                ("in", "k", "a", 0), ("in", "k", "b", 9), ("in", "k", "c", 19), ("in", "other", "", 25),
                ("in", "k", "late, but its session is open", 5), ("in", "x", "late alone", 14),
                ("in", "y", "just in time", 15),
            ])
        #expect(run["out"].suffix(2) == ["k[0-19=4@19", "y[15-15=1@15"])
        #expect(run.dropped == [.late: 1])
    }
}
