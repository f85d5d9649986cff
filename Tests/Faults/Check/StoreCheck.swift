import Foundation
import RDKafka
import Swiftwater
import SwiftwaterKafka

/// Compares every copy of every store, on every worker's disk, with the fold of its changelog up to the offset that the copy says it
/// holds; and the whole fold with the model. The copy that has come furthest must have come to the end, and to the group's offsets.
///
/// The fold is made here, from the bytes of the changelog, and not by what the runtime restores with.
struct StoreCheck {
    let topics: ReferenceTopics
    let reader: TopicReader
    let model: Model
    let guarantee: Guarantee
    let cached: Bool
    /// The state directory of each worker.
    let directories: [(worker: String, path: String)]
    let committed: [RDKafka.TopicPartition: Int64]

    /// One store of one task as a worker keeps it.
    private struct Copy {
        var worker: String
        var backend: LMDBStateBackend
        var store: Int
        var offset: Int64
        var inputs: [Swiftwater.TopicPartition: Int64]

        var place: String { "\(worker) \(backend.task) \(backend.stores[store])" }
    }

    private typealias Contents = [[UInt8]: [UInt8]]

    func run(into findings: inout Findings) throws {
        let topology = try ReferenceTopology.build(topics, cached: cached)
        var open: [StateDirectory] = []
        var copies: [TaskID: [Copy]] = [:]
        for (worker, path) in directories {
            let directory = try StateDirectory(root: path, applicationID: topics.application)
            open.append(directory)
            for name in try directory.taskNames() {
                guard let id = TaskID(name) else { continue }
                copies[id, default: []] += try openCopies(id, worker, directory, topology, &findings)
            }
        }
        for subtopology in topology.subtopologies {
            for (index, store) in subtopology.stores.enumerated() {
                try check(store, index, subtopology.id, copies, &findings)
            }
        }
        for backend in copies.values.joined().map(\.backend) { try backend.close() }
        withExtendedLifetime(open) {}
    }

    private func openCopies(
        _ id: TaskID, _ worker: String, _ directory: StateDirectory, _ topology: Topology, _ findings: inout Findings
    ) throws -> [Copy] {
        let definitions = try topology.subtopology(id.subtopology).stores
        let backend = try directory.open(id, definitions)
        if case .discarded(let reason) = backend.origin {
            findings.differ("\(worker) \(id): was discarded (\(reason))")
        }
        let checkpoint = try backend.checkpoint()
        return definitions.indices.map {
            Copy(
                worker: worker, backend: backend, store: $0, offset: checkpoint.changelogOffsets[$0] ?? 0,
                inputs: checkpoint.inputOffsets)
        }
    }

    private func check(
        _ definition: StoreDefinition, _ store: Int, _ subtopology: Int, _ copies: [TaskID: [Copy]],
        _ findings: inout Findings
    ) throws {
        var waiting: [Int32: [Copy]] = [:]
        for (id, found) in copies where id.subtopology == subtopology {
            waiting[id.partition] = found.filter { $0.store == store }.sorted { $0.offset > $1.offset }
        }
        let furthest = waiting.mapValues { $0.first }
        var folds: [Int32: Contents] = [:]
        var lasts: [Int32: Int64] = [:]
        try reader.read(definition.changelogTopic(applicationID: topics.application)) { entry in
            while let copy = waiting[entry.partition]?.last, copy.offset <= entry.offset {
                waiting[entry.partition]?.removeLast()
                try compare(copy, folds[entry.partition] ?? [:], definition, &findings)
            }
            lasts[entry.partition] = entry.offset
            guard let key = entry.key else { return }
            folds[entry.partition, default: [:]][key] = entry.value.map { BigEndian.bytes(entry.timestamp) + $0 }
        }
        for (partition, left) in waiting {
            for copy in left { try compare(copy, folds[partition] ?? [:], definition, &findings) }
        }
        for partition in 0..<Int32(ReferenceTopics.partitions) {
            checkFurthest(
                furthest[partition] ?? nil, "\(subtopology)_\(partition) \(definition.name)", lasts[partition],
                &findings)
        }
        checkModel(definition.name, folds.values.reduce(into: [:]) { all, fold in all.merge(fold) { $1 } }, &findings)
    }

    private func compare(
        _ copy: Copy, _ fold: Contents, _ definition: StoreDefinition, _ findings: inout Findings
    ) throws {
        // Keys of windowed stores begin with the number of their group; what such a store knows of itself stands behind them all.
        let skipped = definition.kind.segments == nil ? 0 : 8
        var found: Contents = [:]
        try copy.backend.scan(copy.store, from: nil, to: nil, reverse: false) { key, value in
            if skipped == 0 || key.count > 1 { found[Array(key.dropFirst(skipped))] = Array(value) }
            return true
        }
        findings.storesCompared += 1
        findings.entriesCompared += found.count
        guard found != fold else { return }
        let missing = fold.keys.filter { found[$0] == nil }.count
        let extra = found.keys.filter { fold[$0] == nil }.count
        let other = fold.filter { found[$0.key] != nil && found[$0.key] != $0.value }
        let example = other.first.map { ", such as \(Self.text(found[$0.key])) for \(Self.text($0.value))" } ?? ""
        findings.differ(
            """
            \(copy.place) at \(copy.offset): of \(fold.count) entries \(missing) missing, \(extra) too many, \(other.count) \
            other\(example)
            """)
    }

    /// The time, and the number behind it.
    private static func text(_ value: [UInt8]?) -> String {
        guard let value, value.count >= 16 else { return "\(value?.count ?? 0) bytes" }
        return "\(BigEndian.int64(value[8..<16])) at \(BigEndian.int64(value[..<8]))"
    }

    /// - Parameter last: the offset of the last record of the changelog; nil if it has none.
    private func checkFurthest(_ copy: Copy?, _ place: String, _ last: Int64?, _ findings: inout Findings) {
        guard let copy else {
            if last != nil {
                findings.differ("\(place): no worker holds it")
            }
            return
        }
        if let last, copy.offset <= last {
            findings.differ("\(copy.place): holds up to \(copy.offset), the last record is \(last)")
        }
        for (input, offset) in copy.inputs {
            let group = committed[RDKafka.TopicPartition(input.topic, input.partition)] ?? 0
            if offset > group {
                findings.differ(offset: "\(copy.place): holds \(input) up to \(offset), the group \(group)")
            }
        }
    }

    private func checkModel(_ store: String, _ fold: Contents, _ findings: inout Findings) {
        guard guarantee == .exactlyOnce else { return }
        let isRight: Bool
        switch store {
        case "counts": isRight = numbers(fold) == model.counts
        case "sums": isRight = numbers(fold) == model.sums.compactMapValues { $0.last.flatMap { $0 } }
        case "windows":
            var windows: [Model.WindowKey: Int64] = [:]
            for (key, value) in fold where key.count >= 12 {
                let start = BigEndian.int64(key.suffix(12).prefix(8))
                windows[.init(group: String(decoding: key.dropLast(12), as: UTF8.self), start: start)] =
                    BigEndian.int64(value.dropFirst(8))
            }
            isRight = windows == model.windows
        case "large":
            isRight =
                Dictionary(fold.map { (String(decoding: $0.key, as: UTF8.self), Array($0.value.dropFirst(8))) }) { $1 }
                == model.large
        default: isRight = fold.count == model.pairs.count
        }
        if !isRight {
            findings.differ("the changelog of \(store) does not add up to the model")
        }
    }

    private func numbers(_ fold: Contents) -> [String: Int64] {
        Dictionary(
            fold.map { (String(decoding: $0.key, as: UTF8.self), BigEndian.int64($0.value.dropFirst(8))) }
        ) { $1 }
    }
}
