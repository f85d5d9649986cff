public import Foundation

extension Serde where Value == String {
    /// UTF-8 text; bytes that are not UTF-8 are an error, see ``lossyString``.
    public static var string: Serde<String> {
        Serde { value, bytes in
            bytes.append(utf8: value)
        } deserialize: { bytes in
            do {
                return try bytes.withUnsafeBytes { bytes in
                    // Half the time of `String(validating:as:)`, which is generic down to its core.
                    String(copying: try UTF8Span(validating: bytes.assumingMemoryBound(to: UInt8.self).span))
                }
            } catch {
                throw SerdeError("\(bytes.byteCount) bytes that are not UTF-8 text: \(error)")
            }
        }
    }

    /// UTF-8 text; what is not UTF-8 is read as U+FFFD, as Kafka's `StringDeserializer` does.
    public static var lossyString: Serde<String> {
        Serde { value, bytes in
            bytes.append(utf8: value)
        } deserialize: { bytes in
            bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        }
    }
}

extension Serde where Value: FixedWidthInteger & Sendable {
    fileprivate static var bigEndian: Serde<Value> {
        Serde { value, bytes in
            bytes.append(bigEndian: value)
        } deserialize: { bytes in
            try bytes.bigEndian()
        }
        .fixed(MemoryLayout<Value>.size)
    }
}

extension Serde where Value == Int16 {
    /// 2 bytes, big-endian; Kafka's `Short`.
    public static var int16: Serde<Int16> { bigEndian }
}

extension Serde where Value == Int32 {
    /// 4 bytes, big-endian; Kafka's `Integer`.
    public static var int32: Serde<Int32> { bigEndian }
}

extension Serde where Value == Int64 {
    /// 8 bytes, big-endian; Kafka's `Long`.
    public static var int64: Serde<Int64> { bigEndian }
}

extension Serde where Value == Int {
    /// 8 bytes, big-endian; Kafka's `Long`.
    public static var int: Serde<Int> { bigEndian }
}

extension Serde where Value == Double {
    /// 8 bytes, IEEE 754, big-endian; Kafka's `Double`.
    public static var double: Serde<Double> {
        Serde { value, bytes in
            bytes.append(bigEndian: value.bitPattern)
        } deserialize: { bytes in
            Double(bitPattern: try bytes.bigEndian())
        }
        .fixed(8)
    }
}

extension Serde where Value == Float {
    /// 4 bytes, IEEE 754, big-endian; Kafka's `Float`.
    public static var float: Serde<Float> {
        Serde { value, bytes in
            bytes.append(bigEndian: value.bitPattern)
        } deserialize: { bytes in
            Float(bitPattern: try bytes.bigEndian())
        }
        .fixed(4)
    }
}

extension Serde where Value == Bool {
    /// One byte, 0 or 1; Kafka's `Boolean`.
    public static var bool: Serde<Bool> {
        Serde { value, bytes in
            bytes.append(value ? 1 : 0)
        } deserialize: { bytes in
            switch try bytes.bigEndian(as: UInt8.self) {
            case 0: false
            case 1: true
            case let byte: throw SerdeError("expected a byte of 0 or 1 for a Bool, got \(byte)")
            }
        }
    }
}

extension Serde where Value == [UInt8] {
    /// The bytes as they are; Kafka's `ByteArray`.
    public static var bytes: Serde<[UInt8]> {
        Serde { value, bytes in
            bytes.append(contentsOf: value)
        } deserialize: { bytes in
            bytes.array
        }
    }
}

extension Serde where Value == Data {
    /// The bytes as they are; Kafka's `Bytes` and `ByteBuffer`.
    public static var data: Serde<Data> {
        Serde { value, bytes in
            value.withUnsafeBytes { bytes.append(contentsOf: $0) }
        } deserialize: { bytes in
            bytes.withUnsafeBytes { Data($0) }
        }
    }
}

extension Serde where Value == UUID {
    /// The 36 characters of a UUID as text; Kafka's `UUID`.
    public static var uuid: Serde<UUID> {
        Serde { value, bytes in
            bytes.append(utf8: value.uuidString.lowercased())
        } deserialize: { bytes in
            let text = bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
            guard let value = UUID(uuidString: text) else { throw SerdeError("«\(text)» is not a UUID") }
            return value
        }
        .fixed(36)
    }
}

extension Serde where Value == Void {
    /// Always null; bytes that are not null are an error. Kafka's `Void`.
    public static var void: Serde<Void> {
        Serde(
            serialize: { _, _, _ in },
            deserialize: { bytes, _ in throw SerdeError("expected null for Void, got \(bytes.byteCount) bytes") },
            nullValue: { () },
            isNull: { _ in true }
        )
    }
}

extension Serde where Value: Codable & SendableMetatype {
    /// JSON text through `Codable`; keys are sorted, so that equal values give equal bytes.
    public static func json(_ type: Value.Type = Value.self) -> Serde<Value> {
        Serde { value, bytes in
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            try encoder.encode(value).withUnsafeBytes { bytes.append(contentsOf: $0) }
        } deserialize: { bytes in
            try bytes.withUnsafeBytes { try JSONDecoder().decode(Value.self, from: Data($0)) }
        }
    }
}
