/// The words and signs of a `.proto` file, without comments; a quoted text is one token.
struct ProtobufTokens {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func next() -> String? {
        skip()
        guard position < bytes.count else { return nil }
        let start = position
        let first = bytes[position]
        position += 1
        if Self.isWord(first) {
            while position < bytes.count, Self.isWord(bytes[position]) { position += 1 }
        } else if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
            while position < bytes.count, bytes[position] != first {
                position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
            }
            position = min(position + 1, bytes.count)
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Passes over spaces and comments.
    private mutating func skip() {
        while position < bytes.count {
            if bytes[position] <= 0x20 {
                position += 1
            } else if follows("//") {
                while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
            } else if follows("/*") {
                position += 2
                while position < bytes.count, !follows("*/") { position += 1 }
                position = min(position + 2, bytes.count)
            } else {
                return
            }
        }
    }

    private func follows(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[position...].starts(with: $0) }
    }

    /// Letters, digits, `_`, and the dots within names.
    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."):
            true
        default: byte >= 0x80
        }
    }
}
