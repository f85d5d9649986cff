import NIOCore

@testable import SwiftwaterBroker

/// Makes requests that are valid in form and odd in content, and damages them.
struct RequestFuzzer {
    private static let names = ["t", "u", "t-1", "group", "member", "", "cleanup.policy", "compact", "ü\u{0}", "1"]
    private static let numbers: [Int64] = [
        0, 1, 2, 3, -1, -2, 5, 100, 65_536, Int64(Int32.max), Int64(Int32.min), .max, .min,
    ]

    var random: SplitMix

    init(seed: UInt64) { random = SplitMix(state: seed) }

    mutating func frame(_ key: APIKey, _ version: Int16) -> ByteBuffer {
        var writer = ProtocolWriter(isFlexible: key.isFlexible(version))
        writer.int16(key.rawValue)
        writer.int16(version)
        writer.int32(Int32(truncatingIfNeeded: number()))
        writer.int16(1)
        writer.int8(99)
        tags(&writer)
        write(RequestSchema.fields(of: key), version, &writer)
        tags(&writer)
        return writer.buffer
    }

    private mutating func write(_ fields: [RequestSchema.Field], _ version: Int16, _ writer: inout ProtocolWriter) {
        for field in fields where field.versions.contains(version) {
            switch field {
            case .value(let type, _): write(type, &writer)
            case .array(let fields, let isNullable, let isStructure, _):
                if isNullable, random.next(below: 4) == 0 {
                    writer.length(nil)
                    continue
                }
                let count = random.next(below: 3)
                writer.length(count)
                for _ in 0..<count {
                    write(fields, version, &writer)
                    if isStructure { tags(&writer) }
                }
            }
        }
    }

    private mutating func write(_ type: String, _ writer: inout ProtocolWriter) {
        switch type {
        case "i8": writer.int8(Int8(truncatingIfNeeded: number()))
        case "i16": writer.int16(Int16(truncatingIfNeeded: number()))
        case "i32": writer.int32(Int32(truncatingIfNeeded: number()))
        case "i64": writer.int64(number())
        case "b": writer.bool(random.next(below: 2) == 0)
        case "S": writer.nullableString(random.next(below: 3) == 0 ? nil : name())
        case "B": writer.nullableBytes(random.next(below: 4) == 0 ? nil : bytes())
        case "y": writer.bytes(bytes())
        default: writer.string(name())
        }
    }

    /// Now and then one that nobody knows, which must be skipped.
    private mutating func tags(_ writer: inout ProtocolWriter) {
        guard writer.isFlexible else { return }
        guard random.next(below: 8) == 0 else { return writer.taggedFields() }
        writer.unsignedVarint(1)
        writer.unsignedVarint(77)
        writer.unsignedVarint(3)
        writer.buffer.writeBytes([1, 2, 3])
    }

    private mutating func number() -> Int64 { Self.numbers[random.next(below: Self.numbers.count)] }
    private mutating func name() -> String { Self.names[random.next(below: Self.names.count)] }

    private mutating func bytes() -> ByteBuffer {
        switch random.next(below: 3) {
        case 0: KeyedBatch([("k", "v"), ("l", nil)]).bytes
        case 1: ByteBuffer(bytes: (0..<random.next(below: 90)).map { _ in UInt8(random.next(below: 256)) })
        default: ByteBuffer()
        }
    }

    /// The frame with one to four things wrong; the API and its version stay.
    mutating func damaged(_ frame: ByteBuffer) -> ByteBuffer {
        var bytes = Array(frame.readableBytesView)
        for _ in 0...random.next(below: 4) {
            guard bytes.count > 5 else { break }
            let place = 4 + random.next(below: bytes.count - 4)
            switch random.next(below: 6) {
            case 0: bytes[place] ^= 1 << UInt8(random.next(below: 8))
            case 1: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF][random.next(below: 5)]
            case 2: bytes.insert(UInt8(random.next(below: 256)), at: place)
            case 3: bytes.remove(at: place)
            case 4: bytes.removeLast(random.next(below: bytes.count - 4))
            default:
                // A length that is as large, or as negative, as can be.
                let extreme: [UInt8] =
                    random.next(below: 2) == 0 ? [0x7F, 0xFF, 0xFF, 0xFF] : [0xFF, 0xFF, 0xFF, 0xFE]
                for (index, byte) in extreme.enumerated() where place + index < bytes.count {
                    bytes[place + index] = byte
                }
            }
        }
        return ByteBuffer(bytes: bytes)
    }
}
