import Swiftwater
import Testing

@Suite struct DescriptionTests {
    @Test func `TP-01 behind an arrow nodes stand in the order of what was below them when they were connected`() throws
    {
        let builder = StreamsBuilder()
        // A Java map gives these names in the order of the alphabet: nothing is known to be below b when it is put beside a.
        let stream = builder.stream("in", key: .string, value: .string, named: "s")
        stream.foreach(named: "a") { _, _ in }
        stream.filter(named: "b") { _, _ in true }.foreach(named: "c") { _, _ in }
        #expect(
            try builder.build().describe() == """
                Topologies:
                   Sub-topology: 0
                    Source: s (topics: [in])
                      --> a, b
                    Processor: b (stores: [])
                      --> c
                      <-- s
                    Processor: a (stores: [])
                      --> none
                      <-- s
                    Processor: c (stores: [])
                      --> none
                      <-- b


                """)
    }

    @Test func `TP-01 the topics of a source stand in the order of a Java set`() throws {
        let builder = StreamsBuilder()
        _ = builder.stream(["q", "b", "a"], key: .string, value: .string)
        #expect(try builder.build().describe().contains("(topics: [q, a, b])"))
    }
}
