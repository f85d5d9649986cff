import Foundation

/// The lines of a growing file, each once.
struct LogTail {
    let path: String
    private var position: UInt64 = 0
    private var rest: [UInt8] = []

    init(_ path: String) { self.path = path }

    mutating func newLines() -> [String] {
        guard let file = FileHandle(forReadingAtPath: path) else { return [] }
        defer { try? file.close() }
        guard (try? file.seek(toOffset: position)) != nil, let data = try? file.readToEnd(), !data.isEmpty else {
            return []
        }
        position += UInt64(data.count)
        var lines: [String] = []
        for byte in data {
            if byte == UInt8(ascii: "\n") {
                lines.append(String(decoding: rest, as: UTF8.self))
                rest.removeAll(keepingCapacity: true)
            } else {
                rest.append(byte)
            }
        }
        return lines
    }
}
