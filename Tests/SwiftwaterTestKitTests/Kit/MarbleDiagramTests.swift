import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct MarbleDiagramTests {
    private func texts(_ text: String, tick: Duration = .milliseconds(1), start: Timestamp = 0) throws -> [String] {
        try MarbleDiagram(text, tick: tick, start: start).marbles.map(\.description)
    }

    @Test func `TT-02 a character is a tick, and columns of several lines are one time`() throws {
        let drawn = try texts(
            """
            # Two topics and two keys.
            left/a: x--y-~|
            right:  -z-w
            """, tick: .seconds(1), start: 10_000)
        #expect(
            drawn == [
                "left/a=x@10000", "right/k=z@11000", "left/a=y@13000", "right/k=w@13000", "left/a=~@15000",
            ])
    }

    @Test func `TT-02 brackets hold records of one tick and longer values, and columns stay`() throws {
        #expect(try texts("t: (a,bc)x") == ["t/k=a@0", "t/k=bc@0", "t/k=x@6"])
        #expect(try texts("t: - (long,~) - y") == ["t/k=long@1", "t/k=~@1", "t/k=y@10"])
    }

    @Test func `TT-02 an empty line begins anew, so that what follows is late`() throws {
        #expect(try texts("t: ---a\n\nt: -b\nu: c") == ["t/k=a@3", "u/k=c@0", "t/k=b@1"])
    }

    @Test func `TT-02 a line may have another key, or none`() throws {
        let diagram = try MarbleDiagram("t/anna: a\nt/: b\nt: c", key: "default")
        #expect(diagram.marbles.map(\.key) == ["anna", nil, "default"])
        #expect(diagram.marbles(of: "u").isEmpty)
    }

    @Test(arguments: ["a--b", "t: (a", "t: a)", "t: ((a))", "t: a|b", ": a"])
    func `TT-02 a drawing that cannot be read is named by its line`(line: String) throws {
        let error = #expect(throws: StreamsError.self) { try MarbleDiagram("t: a\n\(line)") }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("line 2") == true)
    }

    @Test func `S-71 TT-02 a join of streams is drawn and compared as a drawing`() throws {
        let builder = StreamsBuilder()
        builder.texts("left").leftJoin(builder.texts("right"), .within(.seconds(3))) { "\($0)+\($1 ?? "-")" }
            .to("out", key: .string, value: .string)
        try withTopologyTestDriver(try builder.build()) { driver in
            let tick = Duration.seconds(1)
            try driver.pipe(
                MarbleDiagram(
                    """
                    left:  a------b----
                    right: --x--------y
                    """, tick: tick))
            let expected = try MarbleDiagram(
                """
                out: --(a+x)

                out: -------(b+-)
                """, tick: tick)
            #expect(try driver.readMarbles(of: "out") == expected.marbles)
        }
    }

    @Test func `S-49 TT-02 values of other types are made of what is drawn, and shown as texts`() throws {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .int64)
            .groupByKey()
            .windowedBy(.tumbling(.milliseconds(5)))
            .reduce(as: "sums") { $0 + $1 }
            .toStream()
            .map { windowed, sum in ("\(windowed.key)[\(windowed.window.start)", sum) }
            .to("out", key: .string, value: .int64)
        try withTopologyTestDriver(try builder.build()) { driver in
            let diagram = try MarbleDiagram(
                """
                in: 1-2---4

                in: ---7-3
                """)
            try driver.pipe(diagram, key: .string, value: .int64) { ($0.key ?? "", Int64($0.value ?? "") ?? 0) }
            let out = try driver.readMarbles(of: "out", key: .string, value: .int64) { ($0.key, "\($0.value)") }
            #expect(out.map(\.description) == ["out/k[0=1@0", "out/k[0=3@2", "out/k[5=4@6", "out/k[5=7@6"])
            #expect(driver.droppedRecords == [.late: 1])
        }
    }
}
