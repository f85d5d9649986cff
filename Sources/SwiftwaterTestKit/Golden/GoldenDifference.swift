/// A step of a ``GoldenFile`` after which a topic holds other records than the file says.
public struct GoldenDifference: Error, Hashable, Sendable {
    /// The file.
    public let path: String
    /// The line of the step, counted from 1.
    public let line: Int
    /// The topic.
    public let topic: String
    /// What the file expects of the topic after the step, as its lines.
    public let expected: [String]
    /// What the topology wrote, as lines of a file.
    public let found: [String]
}

extension GoldenDifference: CustomStringConvertible {
    /// The place, and one list under the other.
    public var description: String {
        func list(_ lines: [String]) -> String { lines.isEmpty ? "\n  (nothing)" : lines.map { "\n  " + $0 }.joined() }
        return """
            \(path):\(line): \(topic) differs; expected:\(list(expected))
            found:\(list(found))
            If what is found is right, run the test with \(GoldenFile.recordingVariable)=1 to write it into the file.
            """
    }
}
