/// The messages that a `.proto` file declares, in order: all that the wire format needs of it.
///
/// There are two ways to count. Confluent's Java serialisers count the messages as they stand in the text; those made from
/// descriptors (Go, Python) also count the entries of map fields, which are messages of their own there. We write the first; a list that means
/// nothing in the first is read in the second.
struct ProtobufFile: Sendable {
    private(set) var messages: [String: MessageIndexes] = [:]
    private var countingMaps: [String: MessageIndexes] = [:]
    private var names: Set<MessageIndexes> = []

    /// Reads a text. It need not be valid: what is no message is passed over.
    init(_ text: String) {
        var reader = ProtobufFileReader(text)
        for message in reader.messages() where messages[message.name] == nil {
            messages[message.name] = message.indexes
            countingMaps[message.name] = message.indexesCountingMaps
            names.insert(message.indexes)
        }
    }

    /// All lists that stand for a message, the one that is written first; empty if there is no such message.
    func indexes(of name: String) -> [MessageIndexes] {
        guard let written = messages[name] else { return [] }
        guard let other = countingMaps[name], !names.contains(other) else { return [written] }
        return [written, other]
    }

    /// The message that a list stands for.
    func name(of indexes: MessageIndexes) -> String? {
        messages.first { $0.value == indexes }?.key ?? countingMaps.first { $0.value == indexes }?.key
    }
}
