import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct FinalResultRuleTests {
    @Test func `S-62 ST-07 emission on close tells a window once, by start and key, when its end and grace are over`()
        throws
    {
        let builder = StreamsBuilder()
        builder.texts("in").groupByKey(key: .string)
            .windowedBy(TimeWindows(size: .seconds(10), grace: .seconds(2)))
            .emitStrategy(.onWindowClose)
            .count(as: "s")
            .writeWindows()
        let run = try StepRun(
            builder,
            [
                ("in", "b", "", 3_000), ("in", "a", "", 1_000), ("in", "a", "", 2_000), ("in", "c", "", 11_999),
                ("in", "c", "", 12_000), ("in", "c", "", 13_000), ("in", "c", "", 22_000),
            ])
        #expect(run.steps == [[], [], [], [], ["a[0=2@2000", "b[0=1@3000"], [], ["c[10000=3@13000"]])
    }

    @Test func `S-62 a session is told when stream time is behind its end, the gap and the grace`() throws {
        let builder = StreamsBuilder()
        builder.texts("in").groupByKey(key: .string)
            .windowedBy(SessionWindows(inactivityGap: .milliseconds(10), grace: .milliseconds(2)))
            .emitStrategy(.onWindowClose)
            .count(as: "s")
            .writeSessions()
        let run = try StepRun(
            builder, [("in", "k", "", 1), ("in", "k", "", 5), ("in", "other", "", 17), ("in", "other", "", 18)])
        #expect(run.steps == [[], [], [], ["k[1-5=2@5"]])
    }

    @Test func `S-62 a sliding window is told when stream time is behind its end and the grace`() throws {
        let builder = StreamsBuilder()
        builder.texts("in").groupByKey(key: .string)
            .windowedBy(SlidingWindows(timeDifference: .milliseconds(10), grace: .milliseconds(2)))
            .emitStrategy(.onWindowClose)
            .count(as: "s")
            .writeWindows()
        let run = try StepRun(builder, [("in", "k", "", 100), ("in", "other", "", 102), ("in", "other", "", 103)])
        #expect(run.steps == [[], [], ["k[90=1@100"]])
    }

    @Test func `S-62 windows without an end cannot be told when they close`() throws {
        let builder = StreamsBuilder()
        builder.texts("in").groupByKey(key: .string)
            .windowedBy(UnlimitedWindows())
            .emitStrategy(.onWindowClose)
            .count(as: "s")
            .writeWindows()
        let error = #expect(throws: StreamsError.self) { try builder.build() }
        #expect(error?.code == .invalidTopology)
    }
}
