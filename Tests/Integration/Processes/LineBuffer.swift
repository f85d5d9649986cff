/// The lines of a stream that comes in pieces; the last one counts when it is whole, or when the stream has ended.
struct LineBuffer: Sendable {
    private(set) var lines: [String] = []
    private var rest: [UInt8] = []

    /// No bytes are the end.
    mutating func append(_ bytes: [UInt8]) {
        if bytes.isEmpty, !rest.isEmpty {
            take(rest[...])
            rest = []
        }
        rest += bytes
        var start = rest.startIndex
        while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
            take(rest[start..<end])
            start = end + 1
        }
        rest.removeFirst(start)
    }

    private mutating func take(_ line: ArraySlice<UInt8>) {
        lines.append(String(decoding: line, as: UTF8.self))
    }
}
