/// Finds the messages of a `.proto` file: statements end at `;`, and a block belongs to the statement before it.
struct ProtobufFileReader {
    struct Message {
        var name: String
        var indexes: MessageIndexes
        var indexesCountingMaps: MessageIndexes
    }

    /// A block that is open.
    private struct Scope {
        enum Kind {
            /// The file or a message: what is declared within is counted.
            case counted
            /// A `oneof` or an `extend`: what is declared within counts for the block around.
            case transparent
            /// Anything else: nothing within is a message.
            case opaque
        }

        var kind: Kind
        var name: String
        var positions: [Int32] = []
        var positionsCountingMaps: [Int32] = []
        var count: Int32 = 0
        var countWithMaps: Int32 = 0
        /// How many blocks are open within an opaque one.
        var openBlocks = 0
    }

    // What a text may make us keep: nobody writes messages that stand deeper or have longer names, and they are passed over.
    private static let depthLimit = 100
    private static let nameLimit = 1_000

    private var tokens: ProtobufTokens
    private var scopes = [Scope(kind: .counted, name: "")]
    private var found: [Message] = []

    init(_ text: String) {
        tokens = ProtobufTokens(text)
    }

    mutating func messages() -> [Message] {
        var statement: [String] = []
        while let token = tokens.next() {
            switch token {
            case ";":
                end(statement)
                statement = []
            case "{":
                open(statement)
                statement = []
            case "}":
                close()
                statement = []
            default:
                // What decides stands in front; the rest is of no interest, however long it is.
                if statement.count < 8 { statement.append(token) }
            }
        }
        return found
    }

    private mutating func end(_ statement: [String]) {
        if scopes.count == 1, statement.count >= 2, statement[0] == "package" {
            scopes[0].name = statement[1]
        }
        countMap(statement)
    }

    private mutating func countMap(_ statement: [String]) {
        guard scopes.count > 1, statement.count >= 2, statement[0] == "map", statement[1] == "<" else { return }
        if scopes[scopes.count - 1].kind == .counted { scopes[scopes.count - 1].countWithMaps += 1 }
    }

    private mutating func close() {
        if scopes[scopes.count - 1].openBlocks > 0 {
            scopes[scopes.count - 1].openBlocks -= 1
        } else if scopes.count > 1 {
            scopes.removeLast()
        }
    }

    private mutating func open(_ statement: [String]) {
        if scopes[scopes.count - 1].kind == .opaque {
            scopes[scopes.count - 1].openBlocks += 1
        } else if let name = Self.messageName(statement), scopes.count <= Self.depthLimit,
            let parent = scopes.lastIndex(where: { $0.kind == .counted }),
            scopes[parent].name.utf8.count + name.utf8.count < Self.nameLimit
        {
            let around = scopes[parent]
            let message = Scope(
                kind: .counted,
                name: around.name.isEmpty ? name : "\(around.name).\(name)",
                positions: around.positions + [around.count],
                positionsCountingMaps: around.positionsCountingMaps + [around.countWithMaps]
            )
            scopes[parent].count += 1
            scopes[parent].countWithMaps += 1
            found.append(
                Message(
                    name: message.name,
                    indexes: MessageIndexes(message.positions),
                    indexesCountingMaps: MessageIndexes(message.positionsCountingMaps)
                ))
            scopes.append(message)
        } else {
            countMap(statement)
            let isTransparent =
                statement.count == 2 && ["oneof", "extend"].contains(statement[0]) && scopes.count <= Self.depthLimit
            scopes.append(Scope(kind: isTransparent ? .transparent : .opaque, name: ""))
        }
    }

    /// The name of the message that a block belongs to: `message Name`, or a group of proto2, which declares one.
    private static func messageName(_ statement: [String]) -> String? {
        var words = statement[...]
        if let first = words.first, ["export", "local", "optional", "required", "repeated"].contains(first) {
            words = words.dropFirst()
        }
        guard words.count >= 2, let first = words.first else { return nil }
        let name = words[words.startIndex + 1]
        if first == "message" { return words.count == 2 ? name : nil }
        return first == "group" && words.count >= 4 && words[words.startIndex + 2] == "=" ? name : nil
    }
}
