import Foundation
import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct GoldenFileTests {
    private struct Order: Codable, Sendable {
        var amount: Int64
    }

    private func topology() throws -> Topology {
        let builder = StreamsBuilder()
        let orders = builder.stream("orders", key: .string, value: .json(Order.self))
        orders.groupByKey()
            .aggregate(Int64(0), as: Materialized("totals", value: .int64)) { _, order, total in total + order.amount }
            .toStream()
            .to("totals", key: .string, value: .int64)
        orders.mapValues { "\($0.amount)" }
            .to("amounts", key: .string, value: .string)
        return try builder.build()
    }

    /// A file with these lines, checked against the topology; what it holds afterwards.
    @discardableResult
    private func check(_ lines: [String], isRecording: Bool = false) throws -> [String] {
        let url = FileManager.default.temporaryDirectory.appending(path: "golden-\(UUID().uuidString).jsonl")
        defer { try? FileManager.default.removeItem(at: url) }
        try lines.joined(separator: "\n").write(to: url, atomically: true, encoding: .utf8)
        try withTopologyTestDriver(topology(), allowingUnreadOutput: true) { driver in
            try GoldenFile(path: url.path).check(driver, isRecording: isRecording) {
                $0.topic("orders", key: .string, value: .json(Order.self))
                $0.topic("totals", key: .string, value: .int64)
                $0.topic("amounts", key: .string, value: .string)
            }
        }
        return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private let first = #"{"pipe": "orders", "key": "ben", "value": {"amount": 3}, "timestamp": 2000}"#
    private let late =
        #"{"pipe":"orders","key":"ben","value":{"amount":4},"timestamp":1000,"headers":[["trace","7"],["none",null]]}"#
    private let total = #"{"expect": "totals", "key": "ben", "value": 3, "timestamp": 2000}"#
    private let amount = #"{"expect": "amounts", "key": "ben", "value": "3", "timestamp": 2000}"#

    @Test func `X-05 what comes after a step is what its lines say, topic by topic, however they are spaced`() throws {
        try check([
            "# first", first, amount, #"  {"timestamp":2000,"value":3,"key":"ben","expect":"totals"}"#, "",
            #"{"advance": 60000}"#, late,
            #"{"expect": "totals", "key": "ben", "value": 7, "headers": [["trace", "7"], ["none", null]]}"#,
            #"{"expect": "amounts", "key": "ben", "value": "4", "headers": [["trace", "7"], ["none", null]]}"#,
        ])
    }

    @Test(arguments: [
        ([#"{"expect": "totals", "key": "ben", "value": 4, "timestamp": 2000}"#], "totals"),
        ([#"{"expect": "totals", "key": "ben", "value": 3, "timestamp": 2001}"#], "totals"),
        ([], "totals"),
        (
            [#"{"expect": "totals", "key": "ben", "value": 3}"#, #"{"expect": "totals", "key": "ben", "value": 3}"#],
            "totals"
        ),
        ([#"{"expect": "totals", "key": "ben", "value": 3}"#], "amounts"),
        (
            [
                #"{"expect": "totals", "key": "ben", "value": 3}"#,
                #"{"expect": "amounts", "key": "ben", "value": "3", "headers": [["a", "b"]]}"#,
            ], "amounts"
        ),
    ])
    func `X-05 a record that is missing, other or too many is a difference, with its line`(
        expectations: [String], topic: String
    ) throws {
        let error = #expect(throws: GoldenDifference.self) { try check(["# a remark", first] + expectations) }
        #expect(error?.topic == topic)
        #expect(error?.line == 2)
        #expect(error?.found == [topic == "totals" ? total : amount])
        #expect(error?.expected.count == expectations.count { $0.contains(topic) })
    }

    @Test func `X-05 recording keeps steps and remarks, and what it writes holds`() throws {
        let recorded = try check(["# first", first, total, "# late", late], isRecording: true)
        #expect(
            recorded == [
                "# first", first, total, amount, "# late", late,
                #"{"expect": "totals", "key": "ben", "value": 7, "timestamp": 2000, "headers": [["trace", "7"], ["none", null]]}"#,
                #"{"expect": "amounts", "key": "ben", "value": "4", "timestamp": 1000, "headers": [["trace", "7"], ["none", null]]}"#,
            ])
        #expect(try check(recorded) == recorded)
    }

    @Test(arguments: [
        (["{"], 1), ([#"{"pipe": "orders", "advance": 1}"#], 1), ([#"{"key": "a"}"#], 1),
        (["", #"{"pipe": "unknown", "key": "a"}"#], 2), ([#"{"pipe": "orders", "key": 7, "value": {"amount": 1}}"#], 1),
        ([#"{"pipe": "orders", "key": "a", "valueBase64": "?"}"#], 1), ([#"{"expect": "totals"}"#], 1),
        ([#"{"pipe": "orders", "key": "a", "value": {"amount": 1}, "headers": [["a"]]}"#], 1),
        ([#"{"advance": 1}"#, #"{"expect": "unknown"}"#], 2), ([#"{"advance": 1}"#, #"{"expect": "totals"}"#], 2),
    ])
    func `X-05 a line that is none is refused with its number`(lines: [String], number: Int) throws {
        let error = #expect(throws: StreamsError.self) { try check(lines) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains(".jsonl:\(number): ") == true, "\(error?.message ?? "")")
    }

    @Test func `X-05 bytes that no serde reads can be piped, and windowed keys expected`() throws {
        let builder = StreamsBuilder()
        builder.stream("in", key: .string, value: .string).groupByKey().windowedBy(.tumbling(.seconds(10)))
            .count(as: "counts").toStream()
            .to("out", key: .timeWindowed(.string, size: .seconds(10)), value: .int64)
        let url = FileManager.default.temporaryDirectory.appending(path: "golden-\(UUID().uuidString).jsonl")
        defer { try? FileManager.default.removeItem(at: url) }
        try """
        {"pipe": "in", "key": "a", "valueBase64": "/w=="}
        {"pipe": "in", "key": "a", "value": "x", "timestamp": 12000}
        {"expect": "out", "key": {"key": "a", "window": {"start": 10000, "end": 20000}}, "value": 1}
        """.write(to: url, atomically: true, encoding: .utf8)
        try withTopologyTestDriver(try builder.build(), deserializationHandler: .logAndContinue) { driver in
            try GoldenFile(path: url.path).check(driver) {
                $0.topic("in", key: .string, value: .string)
                $0.topic("out", key: .timeWindowed(.string, size: .seconds(10)), value: .int64)
            }
            #expect(driver.droppedRecords == [.deserialization: 1])
        }
        let missing = #expect(throws: StreamsError.self) {
            try withTopologyTestDriver(topology()) { try GoldenFile(path: url.path + "-not").check($0) { _ in } }
        }
        #expect(missing?.code == .invalidConfiguration)
    }
}
