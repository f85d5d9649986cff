internal import Foundation
internal import Swiftwater

/// A file that says what a topology makes of records: each step, and what it is to write after it, as JSON a line.
///
/// ```
/// # Ben's second order comes late.
/// {"pipe": "orders", "key": "ben", "value": {"amount": 3}, "timestamp": 2000}
/// {"expect": "totals", "key": "ben", "value": 3, "timestamp": 2000}
/// {"pipe": "orders", "key": "ben", "value": {"amount": 4}, "timestamp": 1000}
/// {"expect": "totals", "key": "ben", "value": 7, "timestamp": 2000}
/// {"advance": 60000}
/// ```
///
/// - `pipe` is a record of an input topic; without a `timestamp` it has the driver's wall clock. `keyBase64` and `valueBase64` are bytes
///   instead of a `key` and `value`, for those that no serde reads.
/// - `advance` moves the wall clock on, by milliseconds.
/// - `expect` is a record of an output topic that the step above it led to; without a `timestamp` its time is not compared. Records of one
///   topic are compared in their order, and after every step all of them: what is not expected is a difference too.
/// - `headers` are lists of a name and a value, which is a text, null or `{"base64": "…"}`: `[["trace", "7"]]`.
/// - A line that begins with `#` is a remark.
///
/// ``check(_:isRecording:_:)`` with `SWIFTWATER_RECORD_GOLDEN=1` in the environment writes what the topology does into the file instead:
/// so a file begins with its steps alone, and a change of a topology is reviewed as a change of its file.
public struct GoldenFile: Hashable, Sendable {
    /// Where it is.
    public let path: String

    static let recordingVariable = "SWIFTWATER_RECORD_GOLDEN"

    /// The file at a path.
    public init(path: String) {
        self.path = path
    }

    /// A file that lies beside the source file of a test.
    public init(_ name: String, beside source: String = #filePath) {
        self.init(path: URL(filePath: source).deletingLastPathComponent().appending(path: name).path)
    }

    /// Takes the file's steps and compares what the topology writes.
    ///
    /// - Parameters:
    ///   - driver: the topology under test; output of topics that are not named stays unread.
    ///   - isRecording: whether the file is written instead; nil asks the environment.
    ///   - topics: names the topics of the file.
    /// - Throws: ``GoldenDifference`` for the first step after which something differs,
    ///   ``StreamsError/Code/invalidConfiguration`` with the line for a file that cannot be read or written, and what the topology throws.
    public func check(
        _ driver: TopologyTestDriver,
        isRecording: Bool? = nil,
        _ topics: (inout GoldenTopics) throws -> Void
    ) throws {
        var named = GoldenTopics()
        try topics(&named)
        let lines = try read()
        let isRecording = isRecording ?? (ProcessInfo.processInfo.environment[Self.recordingVariable] == "1")
        let steps = lines.indices.filter { lines[$0].kind.isStep }
        let beginning = lines[..<(steps.first ?? lines.endIndex)]
        if let index = beginning.firstIndex(where: { $0.kind != .remark }) {
            throw failure(index, "nothing can be expected before the first step")
        }
        var recorded = beginning.map(\.text)
        for (step, end) in zip(steps, steps.dropFirst() + [lines.endIndex]) {
            try perform(lines[step], step, on: driver, named)
            let following = lines[(step + 1)..<end]
            let found = try named.all.map { (topic: $0, records: try $0.read(driver)) }
            if isRecording {
                recorded.append(lines[step].text)
                recorded += found.flatMap(\.records).map(\.line)
                recorded += following.filter { $0.kind == .remark }.map(\.text)
            } else {
                try compare(found, with: following, step, named)
            }
        }
        if isRecording { try write(recorded, over: lines) }
    }

    private func perform(
        _ line: GoldenLine, _ index: Int, on driver: TopologyTestDriver, _ topics: GoldenTopics
    ) throws {
        switch line.kind {
        case .pipe(let name): try reading(index) { try topic(name, of: topics).pipe(line, driver) }
        case .advance(let milliseconds): try driver.advanceWallClock(by: .milliseconds(milliseconds))
        case .remark, .expect: break
        }
    }

    private func compare(
        _ found: [(topic: GoldenTopics.Topic, records: [GoldenTopics.Found])], with lines: ArraySlice<GoldenLine>,
        _ step: Int, _ topics: GoldenTopics
    ) throws {
        var wanted: [String: [(line: String, isTimed: Bool)]] = [:]
        for (index, line) in zip(lines.indices, lines) {
            guard case .expect(let name) = line.kind else { continue }
            let text = try reading(index) { try topic(name, of: topics).canonical(line) }
            wanted[name, default: []].append((text, line.timestamp != nil))
        }
        for (topic, records) in found {
            let wanted = wanted[topic.name] ?? []
            let isEqual =
                wanted.count == records.count
                && zip(wanted, records).allSatisfy { $0.line == ($0.isTimed ? $1.line : $1.lineWithoutTime) }
            if isEqual { continue }
            throw GoldenDifference(
                path: path, line: step + 1, topic: topic.name, expected: wanted.map(\.line),
                found: records.map(\.line))
        }
    }

    private func topic(_ name: String, of topics: GoldenTopics) throws(SerdeError) -> GoldenTopics.Topic {
        guard let topic = topics.topic(name) else { throw SerdeError("the test names no topic \(name)") }
        return topic
    }

    // MARK: The file

    private func read() throws -> [GoldenLine] {
        let text: String
        do { text = try String(contentsOf: URL(filePath: path), encoding: .utf8) } catch {
            throw StreamsError(.invalidConfiguration, "the golden file \(path) cannot be read", cause: error)
        }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return try lines.enumerated().map { index, line in
            try reading(index) { try GoldenLine(String(line)) }
        }
    }

    private func write(_ recorded: [String], over lines: [GoldenLine]) throws {
        if recorded == lines.map(\.text) { return }
        let text = recorded.joined(separator: "\n") + "\n"
        do { try text.write(to: URL(filePath: path), atomically: true, encoding: .utf8) } catch {
            throw StreamsError(.invalidConfiguration, "the golden file \(path) cannot be written", cause: error)
        }
    }

    /// Does something with a line; what cannot be read of it is said with its place.
    private func reading<Result>(_ index: Int, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as SerdeError { throw failure(index, error.message) }
    }

    private func failure(_ index: Int, _ message: String) -> StreamsError {
        StreamsError(.invalidConfiguration, "\(path):\(index + 1): \(message)")
    }
}
