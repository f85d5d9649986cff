import Foundation
import Swiftwater
import SwiftwaterTestKit

/// Runs one recording through the test driver and notes where ours differs from it.
struct GoldenRun {
    /// What is not as recorded, and where: a step, a store, a count.
    struct Difference {
        var place: String
        var text: String
    }

    let recording: GoldenCase
    private(set) var differences: [Difference] = []
    private var topology: Topology?

    init(_ recording: GoldenCase) {
        self.recording = recording
    }

    mutating func run() throws {
        guard let topology = GoldenTopologies.byName[recording.topology] else { return }
        let built = try topology.build(optimizing: recording.config["topology.optimization"] == "all")
        self.topology = built
        compare("describe()", built.describe(), recording.describe)
        let continues = recording.config["default.deserialization.exception.handler"] != nil
        let driver = try TopologyTestDriver(
            built,
            applicationID: recording.config["application.id"] ?? "golden",
            initialWallClock: Timestamp(rawValue: Int64(recording.config["initialWallClockMs"] ?? "") ?? 0),
            isCachingEnabled: recording.config["statestore.cache.max.bytes"] != "0",
            deserializationHandler: continues ? .logAndContinue : LogAndFailDeserialization()
        )
        for (index, step) in recording.steps.enumerated() {
            let fails = recording.error?.step == index
            do {
                try perform(step, on: driver)
                if fails { differences.append(Difference(place: "step \(index)", text: "did not throw")) }
            } catch {
                if !fails { differences.append(Difference(place: "step \(index)", text: "threw \(error)")) }
            }
            compare("step \(index)", try outputs(of: driver), step.expect)
            if !differences.isEmpty && fails { break }
        }
        if recording.error == nil {
            if let dropped = recording.droppedRecords {
                compare("dropped records", driver.droppedRecords.values.reduce(0, +), dropped)
            }
            compareCounts(driver.producedCounts)
            for (name, store) in recording.finalStores ?? [:] { try compare(store, named: name, driver) }
        }
        try driver.close(allowingUnreadOutput: true)
    }

    private func perform(_ step: GoldenCase.Step, on driver: TopologyTestDriver) throws {
        if step.op == "advanceWallClock" {
            return try driver.advanceWallClock(by: .milliseconds(step.ms ?? 0))
        }
        let name = step.topic ?? ""
        let serdes = recording.inputTopics.first { $0.name == name }
        let topic = try driver.inputTopic(name, key: .optional(.bytes), value: .optional(.bytes))
        let raw = step.valueBase64.flatMap { Data(base64Encoded: $0) }.map(Array.init)
        try topic.pipeBytes(
            key: step.key?.bytes(serde: serdes?.keySerde ?? ""),
            value: raw ?? step.value?.bytes(serde: serdes?.valueSerde ?? ""),
            timestamp: Timestamp(rawValue: step.timestamp ?? 0),
            headers: Headers((step.headers ?? []).map { .init(name: $0.key, value: $0.value.map { Array($0.utf8) }) })
        )
    }

    private func outputs(of driver: TopologyTestDriver) throws -> [GoldenCase.Output] {
        try recording.outputTopics.flatMap { topic in
            try driver.outputTopic(topic.name, key: .optional(.bytes), value: .optional(.bytes)).readRecords()
                .map { try output($0, topic) }
        }
    }

    private func output(_ record: Record<[UInt8]?, [UInt8]?>, _ topic: GoldenCase.Topic) throws -> GoldenCase.Output {
        let headers = record.headers.map { header in
            GoldenCase.Header(key: header.name, value: header.value.map { String(decoding: $0, as: UTF8.self) })
        }
        var output = GoldenCase.Output(
            topic: topic.name,
            key: nil,
            value: record.value.map {
                GoldenValue($0, serde: topic.valueSerde) ?? .text("bytes \($0)")
            },
            timestamp: record.timestamp.rawValue,
            headers: headers.isEmpty ? nil : headers
        )
        guard let key = record.key else { return output }
        if topic.keySerde.hasPrefix("TimeWindowed") {
            let size = Int64(topic.keySerde.filter(\.isNumber)) ?? 0
            let start = key.suffix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
            output.key = .text(String(decoding: key.dropLast(8), as: UTF8.self))
            output.windowStart = start
            let (end, overflow) = start.addingReportingOverflow(size)
            output.windowEnd = overflow ? .max : end
        } else if topic.keySerde.hasPrefix("SessionWindowed") {
            output.key = .text(String(decoding: key.dropLast(16), as: UTF8.self))
            output.windowEnd = key.suffix(16).prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
            output.windowStart = key.suffix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        } else {
            output.key = GoldenValue(key, serde: topic.keySerde) ?? .text("bytes \(key)")
        }
        return output
    }

    // MARK: Comparing

    private mutating func compare<Value: Equatable>(_ place: String, _ ours: Value, _ theirs: Value) {
        if ours == theirs { return }
        differences.append(Difference(place: place, text: "\n  ours   \(ours)\n  theirs \(theirs)"))
    }

    /// Compares how many records went to each internal topic, and that nothing went to a topic which the recording does not name.
    ///
    /// Of changelogs only whether there is one: deletions of keys that are not there are logged by one and not by the other.
    private mutating func compareCounts(_ counts: [String: Int]) {
        let recorded = recording.internalTopicRecords ?? [:]
        let outputs = Set(recording.outputTopics.map(\.name))
        for name in Set(recorded.keys).union(counts.keys).subtracting(outputs) {
            let (ours, theirs) = (counts[name] ?? 0, recorded[name] ?? 0)
            if name.hasSuffix("-changelog") {
                compare("use of \(name)", ours > 0, theirs > 0)
            } else {
                compare("records to \(name)", ours, theirs)
            }
        }
    }

    private mutating func compare(_ store: GoldenCase.Store, named name: String, _ driver: TopologyTestDriver) throws {
        guard let entries = store.entries, store.kind != "internal" else { return }
        let theirs = readable(entries, of: name).map { GoldenStoreReader.text(of: $0, kind: store.kind) }
        compare("store \(name)", try GoldenStoreReader.read(name, like: store, from: driver), theirs)
    }

    /// Without what only the record cache of the JVM still shows: windows of segments that have left the store.
    private func readable(_ entries: [GoldenCase.Entry], of name: String) -> [GoldenCase.Entry] {
        guard let kind = topology?.stores.first(where: { $0.name == name })?.kind, let segments = kind.segments else {
            return entries
        }
        if case .versioned = kind { return entries }
        func time(_ entry: GoldenCase.Entry) -> Int64 { entry.windowEnd ?? entry.windowStart ?? 0 }
        let earliest = segments.earliestReadable(at: entries.map(time).max() ?? 0, wholeSegments: true)
        return entries.filter { time($0) >= earliest }
    }
}
