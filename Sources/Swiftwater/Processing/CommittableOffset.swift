import Foundation

/// An offset as it is committed: with the partition's time in the metadata, so that a restart knows it (S-05).
package struct CommittableOffset: Sendable, Hashable {
    package var offset: Int64
    package var partitionTime: Timestamp

    package init(offset: Int64, partitionTime: Timestamp) {
        self.offset = offset
        self.partitionTime = partitionTime
    }

    /// Kafka Streams' text (F-11): base64 of a version byte and the time.
    package var metadata: String {
        let bytes = ByteWriter()
        bytes.append(UInt8(2))
        bytes.append(bigEndian: partitionTime.rawValue)
        return Data(bytes.bytes).base64EncodedString()
    }

    /// The time in a committed offset's metadata; unknown if there is none or another program wrote it.
    package static func partitionTime(from metadata: String?) -> Timestamp {
        guard let metadata, let data = Data(base64Encoded: metadata), data.count >= 9, data[0] == 1 || data[0] == 2
        else { return .unknown }
        let time = data[1..<9].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        return Timestamp(rawValue: time)
    }
}
