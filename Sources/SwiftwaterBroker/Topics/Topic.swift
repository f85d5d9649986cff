/// A topic as it stands; a new value replaces it when partitions are added.
struct Topic: Sendable {
    var name: String
    var partitions: [Partition]
    var configs: [String: String]
}
