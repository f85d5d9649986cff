import Foundation

/// A key or value of the corpus: text or a number, and how the corpus' serdes write it.
enum GoldenValue: Decodable, Sendable, Comparable, CustomStringConvertible {
    case text(String)
    case number(Int64)

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else {
            self = .number(try container.decode(Int64.self))
        }
    }

    /// Reads the bytes of a serde that the corpus names; nil for bytes that are none of it.
    init?(_ bytes: [UInt8], serde: String) {
        switch serde {
        case "Long" where bytes.count == 8:
            self = .number(bytes.reduce(0) { $0 << 8 | Int64($1) })
        case "Integer" where bytes.count == 4:
            self = .number(Int64(bytes.reduce(Int32(0)) { $0 << 8 | Int32($1) }))
        case "String":
            guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
            self = .text(text)
        default:
            return nil
        }
    }

    func bytes(serde: String) -> [UInt8] {
        switch self {
        case .text(let text): Array(text.utf8)
        case .number(let number) where serde == "Integer":
            withUnsafeBytes(of: Int32(truncatingIfNeeded: number).bigEndian, Array.init)
        case .number(let number): withUnsafeBytes(of: number.bigEndian, Array.init)
        }
    }

    /// The serde of a value in a store, whose serdes the corpus does not name.
    func serde(of bytes: [UInt8]) -> String {
        switch self {
        case .text: "String"
        case .number: bytes.count == 4 ? "Integer" : "Long"
        }
    }

    /// The order in which recordings list the entries of a store.
    static func < (left: GoldenValue, right: GoldenValue) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left < right
        case (.text(let left), .text(let right)): left < right
        case (.number, .text): true
        case (.text, .number): false
        }
    }

    var description: String {
        switch self {
        case .text(let text): "\"\(text)\""
        case .number(let number): "\(number)"
        }
    }
}
