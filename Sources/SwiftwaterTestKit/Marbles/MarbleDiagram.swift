public import Swiftwater

/// Records in time, drawn: a line for a topic and a key, a character for a tick.
///
/// ```swift
/// let diagram = try MarbleDiagram("""
///     clicks/anna: a--b------|
///     clicks/ben:  --c-------|
///     buys/anna:   ----(x,y)-|
///
///     clicks/anna: -d
///     """, tick: .seconds(1))
/// ```
///
/// - `-` is a tick in which nothing happens, and any other character a record whose value it is;
/// - `~` is a record without a value, such as a deletion;
/// - `(x,yes)` are several records of one tick, or longer values: all at the tick of the bracket, and the line goes on behind it by as
///   many ticks as there are characters, so that lines stay one under the other;
/// - `|` may end a line, spaces are left out, and a line that begins with `#` is a remark;
/// - without `/key` the key is that of `key:`, with nothing behind the `/` it is nil.
///
/// Records come in the order of ticks, in one tick in that of the lines. An empty line begins anew at the first tick: what follows comes
/// after all above it, so that it may be late.
public struct MarbleDiagram: Hashable, Sendable {
    /// The records in the order in which they come.
    public let marbles: [Marble]

    /// Reads a drawing.
    ///
    /// - Parameters:
    ///   - text: the drawing.
    ///   - tick: how long a character is.
    ///   - start: the time of the first tick.
    ///   - key: the key of lines that name none.
    /// - Throws: ``StreamsError/Code/invalidConfiguration`` that names the line and what is wrong with it.
    public init(
        _ text: String,
        tick: Duration = .milliseconds(1),
        start: Timestamp = 0,
        key: String? = "k"
    ) throws {
        var marbles: [Marble] = []
        var section: [(tick: Int, marble: Marble)] = []
        func endSection() {
            // Stable: of one tick in the order of the lines.
            let order = section.indices.sorted { (section[$0].tick, $0) < (section[$1].tick, $1) }
            marbles += order.map { section[$0].marble }
            section = []
        }
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.drop { $0 == " " }
            if line.first == "#" { continue }
            if line.isEmpty {
                endSection()
                continue
            }
            let parsed = try MarbleLine(line, number: index + 1, key: key)
            section += parsed.values.map { at, value in
                let time = start.advanced(by: tick * at)
                return (at, Marble(topic: parsed.topic, key: parsed.key, value: value, timestamp: time))
            }
        }
        endSection()
        self.marbles = marbles
    }

    /// The records of one topic, in the order in which they come.
    public func marbles(of topic: String) -> [Marble] { marbles.filter { $0.topic == topic } }
}
