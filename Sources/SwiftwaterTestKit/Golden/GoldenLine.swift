internal import Foundation
internal import Swiftwater

/// A line of a ``GoldenFile``, read.
struct GoldenLine: Sendable {
    /// What a line is for.
    enum Kind: Hashable, Sendable {
        /// An empty line or a remark.
        case remark
        case pipe(topic: String)
        /// The wall clock moves on, by milliseconds.
        case advance(Int64)
        case expect(topic: String)

        var isStep: Bool {
            switch self {
            case .pipe, .advance: true
            case .remark, .expect: false
            }
        }
    }

    let text: String
    let kind: Kind
    private let fields: Fields

    /// Reads a line; throws a text that says what is wrong with it.
    init(_ text: String) throws(SerdeError) {
        self.text = text
        let trimmed = text.drop { $0 == " " }
        if trimmed.isEmpty || trimmed.hasPrefix("#") {
            kind = .remark
            fields = Fields()
            return
        }
        do { fields = try JSONDecoder().decode(Fields.self, from: Data(text.utf8)) } catch {
            throw SerdeError("it is no JSON object with the fields of a golden file")
        }
        switch (fields.pipe, fields.advance, fields.expect) {
        case (let topic?, nil, nil): kind = .pipe(topic: topic)
        case (nil, let milliseconds?, nil): kind = .advance(milliseconds)
        case (nil, nil, let topic?): kind = .expect(topic: topic)
        default: throw SerdeError("a line has one of the fields pipe, advance and expect")
        }
    }

    var timestamp: Timestamp? { fields.timestamp.map(Timestamp.init(rawValue:)) }

    /// The bytes of a key or value that is none of its serde; nil where the line has it as JSON.
    func bytes(_ component: SerdeContext.Component) throws(SerdeError) -> [UInt8]? {
        guard let text = component == .key ? fields.keyBase64 : fields.valueBase64 else { return nil }
        return try Self.bytes(base64: text)
    }

    /// The key or value as the type of its topic; a field that is not there is null.
    func decode<Value: Decodable>(_ component: SerdeContext.Component, as type: Value.Type) throws(SerdeError) -> Value
    {
        let json = (component == .key ? fields.key : fields.value) ?? .null
        do { return try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(json)) } catch {
            throw SerdeError("its \(component.rawValue) is no \(Value.self)")
        }
    }

    func headers() throws(SerdeError) -> Headers {
        var headers = Headers()
        for header in fields.headers ?? [] {
            guard header.count == 2, case .text(let name) = header[0] else {
                throw SerdeError("a header is a list of a name and a value")
            }
            headers.append(name, try Self.bytes(of: header[1]))
        }
        return headers
    }

    private static func bytes(of header: JSONValue) throws(SerdeError) -> [UInt8]? {
        switch header {
        case .null: return nil
        case .text(let text): return Array(text.utf8)
        case .object(let fields):
            if fields.count == 1, case .text(let text)? = fields["base64"] { return try bytes(base64: text) }
        default: break
        }
        throw SerdeError("the value of a header is a text, null or {\"base64\": …}")
    }

    private static func bytes(base64 text: String) throws(SerdeError) -> [UInt8] {
        guard let data = Data(base64Encoded: text) else { throw SerdeError("\"\(text)\" is not base64") }
        return Array(data)
    }

    // MARK: Writing

    /// The line of a record that a topology wrote; without `timestamp` its time is left out.
    static func text<Key: Encodable, Value: Encodable>(
        expecting record: Record<Key, Value>, of topic: String, timestamp: Bool
    ) throws -> String {
        var text =
            "{\"expect\": \(try json(topic)), \"key\": \(try json(record.key)), \"value\": \(try json(record.value))"
        if timestamp { text += ", \"timestamp\": \(record.timestamp.rawValue)" }
        if !record.headers.isEmpty {
            let headers = try record.headers.map { header in "[\(try json(header.name)), \(try value(of: header))]" }
            text += ", \"headers\": [\(headers.joined(separator: ", "))]"
        }
        return text + "}"
    }

    private static func value(of header: Headers.Header) throws -> String {
        guard let bytes = header.value else { return "null" }
        if let text = String(validating: bytes, as: UTF8.self) { return try json(text) }
        return "{\"base64\": \(try json(Data(bytes).base64EncodedString()))}"
    }

    private static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private struct Fields: Decodable, Sendable {
        var pipe: String?
        var advance: Int64?
        var expect: String?
        var key: JSONValue?
        var value: JSONValue?
        var keyBase64: String?
        var valueBase64: String?
        var timestamp: Int64?
        var headers: [[JSONValue]]?
    }
}
