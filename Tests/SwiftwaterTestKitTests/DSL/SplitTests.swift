import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct SplitTests {
    @Test func `K-10 the first branch whose predicate holds takes the record`() throws {
        let builder = StreamsBuilder()
        let branches = builder.stream("in", key: .string, value: .int)
            .split(named: "by-")
            .branch("even") { _, value in value % 2 == 0 }
            .branch { _, value in value > 10 }
            .defaultBranch()
        #expect(branches.keys.sorted() == ["by-0", "by-2", "by-even"])
        for name in branches.keys { branches[name]?.to(name, key: .string, value: .int) }
        try withTopologyTestDriver(builder.build()) { driver in
            let input = try driver.inputTopic("in", key: .string, value: .int)
            for value in [1, 2, 12, 13] { try input.pipe("k", value) }
            #expect(try driver.outputTopic("by-even", key: .string, value: .int).readValues() == [2, 12])
            #expect(try driver.outputTopic("by-2", key: .string, value: .int).readValues() == [13])
            #expect(try driver.outputTopic("by-0", key: .string, value: .int).readValues() == [1])
        }
    }

    @Test func `K-10 a branch whose chain gives nothing is not in the result`() throws {
        let builder = StreamsBuilder()
        let branches = builder.stream("in", key: .string, value: .int)
            .split(named: "by-")
            .branch("used", { _, value in value < 0 }) { branch in branch.to("negative", key: .string, value: .int) }
            .branch("doubled", { _, value in value > 0 }) { branch in branch.mapValues { $0 * 2 } }
            .noDefaultBranch()
        #expect(branches.keys.sorted() == ["by-doubled"])
        branches["by-doubled"]?.to("out", key: .string, value: .int)
        try withTopologyTestDriver(builder.build()) { driver in
            let input = try driver.inputTopic("in", key: .string, value: .int)
            for value in [-1, 0, 4] { try input.pipe("k", value) }
            #expect(try driver.outputTopic("out", key: .string, value: .int).readValues() == [8])
            #expect(try driver.outputTopic("negative", key: .string, value: .int).readValues() == [-1])
        }
    }

    @Test func `K-10 branches with types of their own`() throws {
        let builder = StreamsBuilder()
        let (numbers, truths) = builder.stream("in", key: .string, value: .string)
            .split(named: "typed-", into: { _, text in Int64(text) }, { _, text in Bool(text) })
        numbers.to("numbers", key: .string, value: .int64)
        truths.to("truths", key: .string, value: .bool)
        let topology = try builder.build()
        #expect(topology.describe().contains("    Processor: typed-2 (stores: [])\n"))
        try withTopologyTestDriver(topology) { driver in
            let input = try driver.inputTopic("in", key: .string, value: .string)
            for text in ["12", "true", "neither"] { try input.pipe("k", text) }
            #expect(try driver.outputTopic("numbers", key: .string, value: .int64).readValues() == [12])
            #expect(try driver.outputTopic("truths", key: .string, value: .bool).readValues() == [true])
        }
    }

    @Test func `K-10 E-02 a record whose predicate threw is not offered to later branches`() throws {
        struct Broken: Error {}
        let builder = StreamsBuilder()
        let branches = builder.stream("in", key: .string, value: .int)
            .split(named: "by-")
            .branch("risky") { _, value in
                if value == 13 { throw Broken() }
                return false
            }
            .defaultBranch("rest")
        branches["by-rest"]?.to("out", key: .string, value: .int)
        let driver = try TopologyTestDriver(try builder.build(), processingHandler: .logAndContinue)
        let input = try driver.inputTopic("in", key: .string, value: .int)
        for value in [12, 13, 14] { try input.pipe("k", value) }
        #expect(try driver.outputTopic("out", key: .string, value: .int).readValues() == [12, 14])
        #expect(driver.droppedRecords == [.processing: 1])
    }
}
