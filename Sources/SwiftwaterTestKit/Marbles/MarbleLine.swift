import Swiftwater

/// One line of a ``MarbleDiagram``.
struct MarbleLine {
    let topic: String
    let key: String?
    /// Ticks and values.
    private(set) var values: [(tick: Int, value: String?)] = []

    init(_ line: Substring, number: Int, key: String?) throws {
        guard let colon = line.firstIndex(of: ":") else {
            throw Self.error(number, "has no ':' behind the topic: write «topic/key: a--b»")
        }
        let label = line[..<colon].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        topic = Self.trimmed(label[0])
        if topic.isEmpty { throw Self.error(number, "names no topic: write «topic/key: a--b»") }
        let given = label.count > 1 ? Self.trimmed(label[1]) : nil
        self.key = given.map { $0.isEmpty ? nil : $0 } ?? key
        try read(line[line.index(after: colon)...], number)
    }

    private mutating func read(_ drawing: Substring, _ number: Int) throws {
        var tick = 0
        var group: (start: Int, text: String)?
        var isOver = false
        for character in drawing where character != " " {
            if isOver { throw Self.error(number, "goes on behind its end '|'") }
            switch (character, group) {
            case (")", let open?):
                values += open.text.split(separator: ",", omittingEmptySubsequences: false)
                    .map { (open.start, Self.value(String($0))) }
                group = nil
            case (")", nil): throw Self.error(number, "closes a bracket that it did not open")
            case ("(", _?): throw Self.error(number, "opens a bracket within another")
            case ("(", nil): group = (tick, "")
            case (_, let open?): group = (open.start, open.text + String(character))
            case ("-", nil): break
            case ("|", nil): isOver = true
            case (_, nil): values.append((tick, Self.value(String(character))))
            }
            tick += 1
        }
        if group != nil { throw Self.error(number, "does not close its bracket") }
    }

    private static func value(_ text: String) -> String? { text == "~" ? nil : text }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    private static func error(_ number: Int, _ problem: String) -> StreamsError {
        StreamsError(.invalidConfiguration, "line \(number) of the marble diagram \(problem)")
    }
}
