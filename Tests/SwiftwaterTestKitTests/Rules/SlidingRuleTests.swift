import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct SlidingRuleTests {
    /// What each record changes, in the order of the windows' text.
    private func updates(
        _ windows: SlidingWindows,
        _ records: [(value: String, time: Timestamp)]
    ) throws -> (updates: [[String]], dropped: [DropReason: Int]) {
        let builder = StreamsBuilder()
        builder.texts("in").groupByKey(key: .string).windowedBy(windows)
            .aggregate("", as: Materialized("s", value: .string)) { _, value, all in all + (value ?? "") }
            .writeWindows()
        let run = try StepRun(builder, records.map { ("in", "k", $0.value, $0.time) })
        return (run.steps.map { $0.sorted() }, run.dropped)
    }

    @Test func `S-56 a record ends a window and begins one behind it, and only windows with other records are made`()
        throws
    {
        let (updates, _) = try updates(
            SlidingWindows(timeDifference: .milliseconds(10), grace: .seconds(1)),
            [("a", 100), ("b", 105), ("c", 112), ("d", 112), ("z", 95)])
        #expect(updates[0] == ["k[90=a@100"])
        // The window behind 100 holds 105 alone; the one that ends at 105 holds both.
        #expect(updates[1] == ["k[101=b@105", "k[95=ab@105"])
        #expect(updates[2] == ["k[102=bc@112", "k[106=c@112"])
        #expect(updates[3] == ["k[102=bcd@112", "k[106=cd@112"])
        // Out of order: enters what holds its time, ends a window, and the one behind it holds what came before it.
        #expect(updates[4] == ["k[85=z@95", "k[90=az@100", "k[95=abz@105", "k[96=ab@105"])
    }

    @Test func `S-57 records before the first whole window share the one from 0 on`() throws {
        let (updates, _) = try updates(
            SlidingWindows(timeDifference: .milliseconds(10), grace: .seconds(1)), [("a", 4), ("b", 7), ("c", 2)])
        #expect(updates == [["k[0=a@4"], ["k[0=ab@7", "k[5=b@7"], ["k[0=abc@7", "k[3=ab@7"]])
    }

    @Test func `S-58 a record is late when the window that begins with it has closed, its end included`() throws {
        let (updates, dropped) = try updates(
            SlidingWindows(timeDifference: .milliseconds(10), grace: .milliseconds(5)),
            [("a", 95), ("b", 100), ("c", 85), ("d", 84)])
        #expect(updates[2] == ["k[85=ac@95", "k[86=a@95"])
        #expect(updates[3] == [])
        // The window that ends with the third record has closed too.
        #expect(dropped == [.late: 2])
    }

    /// What each record makes an uncached and a cached aggregation tell.
    private func told(
        _ windows: SlidingWindows,
        _ times: [Timestamp]
    ) throws -> (uncached: [[String]], cached: [[String]]) {
        func run(isCached: Bool) throws -> [[String]] {
            let builder = StreamsBuilder()
            builder.texts("in").groupByKey(key: .string).windowedBy(windows).count(as: "s").writeWindows()
            return try StepRun(builder, isCachingEnabled: isCached, times.map { ("in", "k", "v", $0) }).steps
                .map { $0.sorted() }
        }
        return (try run(isCached: false), try run(isCached: true))
    }

    @Test func `S-56 without a cache a window behind one record that ends with another is told twice`() throws {
        let (uncached, cached) = try told(
            SlidingWindows(timeDifference: .milliseconds(10), grace: .milliseconds(50)), [95, 100, 111])
        #expect(uncached == [["k[85=1@95"], ["k[90=2@100", "k[96=1@100"], ["k[101=1@111", "k[101=1@111"]])
        #expect(cached == [["k[85=1@95"], ["k[90=2@100", "k[96=1@100"], ["k[101=1@111"]])
    }

    @Test func `S-56 S-60 a store of no retention shows nothing, unless a cache does`() throws {
        let (uncached, cached) = try told(SlidingWindows(timeDifference: .zero, grace: .zero), [100, 100, 101])
        #expect(uncached == [["k[100=1@100"], ["k[100=1@100"], ["k[101=1@101"]])
        #expect(cached == [["k[100=1@100"], ["k[100=2@100"], ["k[101=1@101"]])
    }
}
