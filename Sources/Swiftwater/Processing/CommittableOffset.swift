import Foundation

/// An offset as it is committed: with the partition's time in the metadata, so that a restart knows it (S-05).
package struct CommittableOffset: Sendable, Hashable {
    package var offset: Int64
    package var partitionTime: Timestamp
    /// How far the task's final results were emitted, by store (S-62).
    package var progress: [String: Int64]

    package init(offset: Int64, partitionTime: Timestamp, progress: [String: Int64] = [:]) {
        self.offset = offset
        self.partitionTime = partitionTime
        self.progress = progress
    }

    /// Kafka Streams' text (F-11): base64 of a version byte, the time, and the progress: a count, then names and numbers.
    package var metadata: String {
        let bytes = ByteWriter()
        bytes.append(UInt8(2))
        bytes.append(bigEndian: partitionTime.rawValue)
        if !progress.isEmpty {
            bytes.append(bigEndian: Int32(progress.count))
            for (name, value) in progress.sorted(by: { $0.key < $1.key }) {
                bytes.append(bigEndian: Int32(name.utf8.count))
                bytes.append(utf8: name)
                bytes.append(bigEndian: value)
            }
        }
        return Data(bytes.bytes).base64EncodedString()
    }

    /// The time in a committed offset's metadata; unknown if there is none or another program wrote it.
    package static func partitionTime(from metadata: String?) -> Timestamp {
        guard let metadata, let data = Data(base64Encoded: metadata), data.count >= 9, data[0] == 1 || data[0] == 2
        else { return .unknown }
        let time = data[1..<9].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        return Timestamp(rawValue: time)
    }

    /// The progress in a committed offset's metadata; empty if there is none.
    package static func progress(from metadata: String?) -> [String: Int64] {
        guard let metadata, let data = Data(base64Encoded: metadata), data.count >= 13, data[0] == 2 else { return [:] }
        var rest = data[9...]
        func number(_ length: Int) -> Int64? {
            guard rest.count >= length else { return nil }
            defer { rest = rest.dropFirst(length) }
            return rest.prefix(length).reduce(0) { $0 << 8 | Int64($1) }
        }
        guard let count = number(4) else { return [:] }
        var progress: [String: Int64] = [:]
        for _ in 0..<count {
            guard let length = number(4), length <= rest.count else { return progress }
            let name = String(decoding: rest.prefix(Int(length)), as: UTF8.self)
            rest = rest.dropFirst(Int(length))
            guard let value = number(8) else { return progress }
            progress[name] = value
        }
        return progress
    }
}
