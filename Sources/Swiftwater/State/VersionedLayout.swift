/// Where the versions of a key lie in a versioned store.
///
/// - `0`, group of `validTo` (8 bytes), key, `validFrom` (8 bytes) → `validTo` (8 bytes), 1 and the value, or 0 for a deletion
/// - `1`, key → `validFrom` (8 bytes), value: the latest version, unless it is a deletion
///
/// A version lives in the group of the time at which it ended, so that whole groups leave the history. A deletion that is the
/// latest version lies in the group of its own time, without an end.
enum VersionedLayout {
    static let historyTag: UInt8 = 0
    static let latestTag: UInt8 = 1

    static func appendHistoryKey(
        group: Int64,
        key: UnsafeRawBufferPointer,
        validFrom: Int64,
        to writer: ByteWriter
    ) {
        writer.append(historyTag)
        writer.append(bigEndian: group)
        writer.append(contentsOf: key)
        writer.append(bigEndian: validFrom)
    }
}
