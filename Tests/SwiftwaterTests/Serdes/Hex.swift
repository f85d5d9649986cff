/// Bytes as they stand in the tests' tables: two hexadecimal digits a byte, spaces between.
func hex(_ bytes: [UInt8]?) -> String? {
    bytes.map { $0.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined(separator: " ") }
}

/// The bytes of a text in hexadecimal.
func bytes(_ hex: String) -> [UInt8] {
    hex.split(separator: " ").compactMap { UInt8($0, radix: 16) }
}
