import Swiftwater

/// The job itself: lines in, the count of every word out. It needs neither broker nor C to be tested.
enum WordCountTopology {
    static let applicationID = "word-count"

    /// The topics that the job reads and writes.
    struct Topics {
        var lines = "lines"
        var counts = "words-with-counts"
    }

    static func build(_ topics: Topics) throws -> Topology {
        let builder = StreamsBuilder()
        builder.stream(topics.lines, key: .optional(.string), value: .lossyString)
            .flatMapValues { words(of: $0) }
            .groupBy(key: .string) { _, word in word }
            .count(as: "counts")
            .toStream()
            .to(topics.counts, key: .string, value: .int64)
        return try builder.build()
    }

    /// The runs of ASCII letters of a line, in lower case: what `tr -cs A-Za-z '\n' | tr A-Z a-z` gives.
    static func words(of line: String) -> [String] {
        line.utf8.split { !isLetter($0) }.map { word in
            String(decoding: word.map { $0 | 0x20 }, as: UTF8.self)
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
    }
}
