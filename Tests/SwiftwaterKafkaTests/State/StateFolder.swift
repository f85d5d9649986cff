import Foundation
import Swiftwater
import SwiftwaterKafka

/// A state directory that is removed when the test is over, and what tests do with the stores in it.
final class StateFolder: Sendable {
    let path: String

    init() {
        path = NSTemporaryDirectory() + "swiftwater-state-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func open(_ applicationID: String = "app", _ options: StateOptions = StateOptions()) throws -> StateDirectory {
        try StateDirectory(root: path, applicationID: applicationID, options: options)
    }
}

extension StateDirectory {
    func stores(_ stores: String..., task: String = "0_0", changelogs: String = "x") throws -> LMDBStateBackend {
        try open(task: task, stores: stores, changelogs: changelogs)
    }
}

extension LMDBStateBackend {
    /// Commits changes given as bytes, nil for a deletion.
    func commit(_ changes: [([UInt8], [UInt8]?)], to store: Int = 0, _ checkpoint: TaskCheckpoint = .init()) throws {
        let buffer = WriteBuffer(seed: 1)
        for (key, value) in changes { buffer.write(key, value) }
        try commit([StoreChanges(store: store, sorting: buffer)], checkpoint: checkpoint)
    }

    func commit(_ changes: [String: String?], to store: Int = 0, _ checkpoint: TaskCheckpoint = .init()) throws {
        try commit(changes.map { (Array($0.utf8), $1.map { Array($0.utf8) }) }, to: store, checkpoint)
    }

    func bytes(_ key: [UInt8], in store: Int = 0) throws -> [UInt8]? {
        try key.withUnsafeBytes { try value(of: $0, in: store).map { Array($0) } }
    }

    func string(_ key: String, in store: Int = 0) throws -> String? {
        try bytes(Array(key.utf8), in: store).map { String(decoding: $0, as: UTF8.self) }
    }

    func entries(
        _ store: Int = 0,
        from: [UInt8]? = nil,
        to: [UInt8]? = nil,
        reverse: Bool = false
    ) throws -> [Entry] {
        var entries: [Entry] = []
        try scan(store, from: from, to: to, reverse: reverse) { key, value in
            entries.append(Entry(key: Array(key), value: Array(value)))
            return true
        }
        return entries
    }

    func strings(_ store: Int = 0) throws -> [String: String] {
        var strings: [String: String] = [:]
        for entry in try entries(store) {
            strings[String(decoding: entry.key, as: UTF8.self)] = String(decoding: entry.value, as: UTF8.self)
        }
        return strings
    }
}

extension StateSnapshot {
    func bytes(_ key: [UInt8], in store: Int = 0) throws -> [UInt8]? {
        try key.withUnsafeBytes { try value(of: $0, in: store).map { Array($0) } }
    }
}

extension WriteBuffer {
    func write(_ key: [UInt8], _ value: [UInt8]?) {
        key.withUnsafeBytes { key in
            if let value {
                value.withUnsafeBytes { _ = set(key, $0) }
            } else {
                set(key, nil)
            }
        }
    }
}

struct Entry: Equatable {
    var key: [UInt8]
    var value: [UInt8]
}

/// SplitMix64: the same seed gives the same test.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
