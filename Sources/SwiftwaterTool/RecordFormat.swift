import RDKafka

/// How a record is printed: text with fields such as `%k`, as in kcat.
struct RecordFormat: Equatable {
    enum Piece: Equatable {
        case text([UInt8])
        case topic, partition, offset, timestamp, key, value, headers
    }

    private(set) var pieces: [Piece] = []
    var nullMarker = Array("null".utf8)

    init(pieces: [Piece]) {
        self.pieces = pieces
    }

    /// - Throws: a ``ToolError`` that names the field or escape that does not exist.
    init(parsing text: String) throws {
        var literal: [UInt8] = []
        var rest = text[...]
        while let character = rest.popFirst() {
            switch character {
            case "%":
                let name = rest.popFirst()
                if name == "%" {
                    literal += "%".utf8
                    continue
                }
                guard let field = name.flatMap({ Self.fields[$0] }) else {
                    throw ToolError("'%\(name.map(String.init) ?? "")' is no field: use %t %p %o %T %k %s %h or %%")
                }
                if !literal.isEmpty { pieces.append(.text(literal)) }
                literal = []
                pieces.append(field)
            case "\\":
                let name = rest.popFirst()
                guard let byte = name.flatMap({ Self.escapes[$0] }) else {
                    throw ToolError("'\\\(name.map(String.init) ?? "")' is no escape: use \\n \\r \\t \\0 or \\\\")
                }
                literal.append(byte)
            default:
                literal += character.utf8
            }
        }
        if !literal.isEmpty { pieces.append(.text(literal)) }
    }

    private static let fields: [Character: Piece] = [
        "t": .topic, "p": .partition, "o": .offset, "T": .timestamp, "k": .key, "s": .value, "h": .headers,
    ]
    private static let escapes: [Character: UInt8] = ["n": 10, "r": 13, "t": 9, "0": 0, "\\": 92]

    func append(_ record: ConsumedRecord, to output: inout [UInt8]) {
        for piece in pieces {
            switch piece {
            case .text(let bytes): output += bytes
            case .topic: output += record.topic.utf8
            case .partition: output += String(record.partition).utf8
            case .offset: output += String(record.offset).utf8
            case .timestamp: output += String(record.timestamp).utf8
            case .key: output += record.key ?? nullMarker
            case .value: output += record.value ?? nullMarker
            case .headers:
                for (index, header) in record.headers.enumerated() {
                    if index > 0 { output += ",".utf8 }
                    output += header.name.utf8
                    output += "=".utf8
                    output += header.value ?? nullMarker
                }
            }
        }
    }
}
