import Swiftwater
import SwiftwaterTestKit

/// Reads a store of the driver as lines that can be compared with a recording's.
enum GoldenStoreReader {
    static func text(of entry: GoldenCase.Entry, kind: String) -> String {
        var text = "\(entry.key)"
        if let start = entry.windowStart { text += "@\(start)" }
        if let end = entry.windowEnd { text += "-\(end)" }
        text += " = " + line(entry.value, entry.timestamp)
        for version in entry.asOf ?? [] { text += ", \(version.asOf): " + line(version.value, version.timestamp) }
        return text
    }

    /// The entries of our store, values read as those of the recording are.
    static func read(_ name: String, like store: GoldenCase.Store, from driver: TopologyTestDriver) throws -> [String] {
        let entries = store.entries ?? []
        let key = entries.first?.key ?? .text("")
        let value = entries.lazy.compactMap { $0.value ?? $0.asOf?.lazy.compactMap(\.value).first }.first ?? .text("")
        switch store.kind {
        case "timestampedKeyValue", "keyValue":
            let isTimestamped = store.kind == "timestampedKeyValue"
            return try driver.keyValueStore(name, key: .bytes, value: .bytes).all()
                .map { (key: typed($0.key, key), value: typed($0.value, value), time: $0.timestamp.rawValue) }
                .sorted { $0.key < $1.key }
                .map { "\($0.key) = " + line($0.value, isTimestamped ? $0.time : nil) }
        case "versioned":
            let versions = try driver.versionedStore(name, key: .bytes, value: .bytes)
            return try entries.map { entry in
                let bytes = entry.key.bytes(serde: "Long")
                let latest = try versions.record(of: bytes)
                var text = "\(entry.key) = " + line(latest, value)
                for version in entry.asOf ?? [] {
                    let record = try versions.record(of: bytes, asOf: Timestamp(rawValue: version.asOf))
                    text += ", \(version.asOf): " + line(record, value)
                }
                return text
            }
        case "timestampedWindow", "window":
            let isTimestamped = store.kind == "timestampedWindow"
            return try driver.windowStore(name, key: .bytes, value: .bytes).fetchAll()
                .map { (key: typed($0.key.key, key), start: $0.key.window.start, value: $0.value, time: $0.timestamp) }
                // Entries that share key and start stay in the order of their puts.
                .enumerated().sorted { left, right in
                    if left.element.key != right.element.key { return left.element.key < right.element.key }
                    return left.offset < right.offset
                }
                .map(\.element)
                .map {
                    "\($0.key)@\($0.start) = " + line(typed($0.value, value), isTimestamped ? $0.time.rawValue : nil)
                }
        case "session":
            return try driver.sessionStore(name, key: .bytes, value: .bytes).fetchAll()
                .map { (key: typed($0.key.key, key), window: $0.key.window, value: $0.value) }
                .sorted { ($0.key, $0.window.start) < ($1.key, $1.window.start) }
                .map { "\($0.key)@\($0.window.start)-\($0.window.end) = " + line(typed($0.value, value), nil) }
        default:
            return ["stores of kind \(store.kind) cannot be read yet"]
        }
    }

    private static func line(_ value: GoldenValue?, _ timestamp: Int64?) -> String {
        (value.map { "\($0)" } ?? "null") + (timestamp.map { " at \($0)" } ?? "")
    }

    private static func line(_ record: VersionedRecord<[UInt8]>?, _ like: GoldenValue) -> String {
        line(record.map { typed($0.value, like) }, record?.timestamp.rawValue)
    }

    private static func typed(_ bytes: [UInt8], _ like: GoldenValue) -> GoldenValue {
        GoldenValue(bytes, serde: like.serde(of: bytes)) ?? .text("bytes \(bytes)")
    }
}
