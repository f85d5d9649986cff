internal import LMDB
internal import Swiftwater

/// How a task's checkpoint stands in its environment's metadata database: one record an offset, so that a commit writes only what moved.
///
/// Keys are a letter and a name (`c` store, `i` partition and topic, `m` what the environment is), offsets eight bytes.
enum CheckpointRecords {
    static let database = "swiftwater.metadata"

    static func changelogKey(_ store: String) -> [UInt8] { [UInt8(ascii: "c")] + store.utf8 }

    static func inputKey(_ input: TopicPartition) -> [UInt8] {
        withUnsafeBytes(of: input.partition.bigEndian) { [UInt8(ascii: "i")] + $0 } + input.topic.utf8
    }

    static func descriptionKey(_ name: String) -> [UInt8] { [UInt8(ascii: "m")] + name.utf8 }

    static func bytes(_ offset: Int64) -> [UInt8] { withUnsafeBytes(of: offset.bigEndian) { Array($0) } }

    /// All offsets on record; a store that the task no longer has is left out.
    static func read(
        _ snapshot: borrowing ReadTransaction,
        _ database: Database,
        stores: [String]
    ) throws(LMDBError) -> TaskCheckpoint {
        var checkpoint = TaskCheckpoint()
        var cursor = try snapshot.cursor(in: database)
        while try cursor.next() {
            let key = cursor.key.withUnsafeBytes { Array($0) }
            let value = cursor.value.withUnsafeBytes { Array($0) }
            guard let kind = key.first, kind != UInt8(ascii: "m") else { continue }
            guard value.count == 8 else {
                throw LMDBError(.corrupted, "reading the checkpoint", path: snapshot.environment.path)
            }
            let offset = Int64(bitPattern: value.reduce(0) { $0 << 8 | UInt64($1) })
            if kind == UInt8(ascii: "c") {
                let name = String(decoding: key[1...], as: UTF8.self)
                if let store = stores.firstIndex(of: name) { checkpoint.changelogOffsets[store] = offset }
            } else if kind == UInt8(ascii: "i"), key.count > 5 {
                let partition = Int32(bitPattern: key[1..<5].reduce(0) { $0 << 8 | UInt32($1) })
                let topic = String(decoding: key[5...], as: UTF8.self)
                checkpoint.inputOffsets[TopicPartition(topic, partition)] = offset
            }
        }
        return checkpoint
    }
}
