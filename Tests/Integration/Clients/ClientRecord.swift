/// A record as the clients print it.
struct ClientRecord: Hashable, Sendable {
    var partition: Int
    var offset: Int
    var key: String
    var value: String

    static let kcatFormat = "%p\\t%o\\t%k\\t%s\\n"

    init(line: String) throws {
        let fields = line.split(separator: "\t", maxSplits: 3, omittingEmptySubsequences: false)
        guard fields.count == 4, let partition = Int(fields[0]), let offset = Int(fields[1]) else {
            throw ChildError("no record: \(line)")
        }
        self.partition = partition
        self.offset = offset
        key = String(fields[2])
        value = String(fields[3])
    }
}
