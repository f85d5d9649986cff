// The topics, each a directory:
//
//   topics/<name>/topic    the partition count, then one name=value line per configuration; replaced by renaming
//   topics/<name>/<index>  a partition's log
//
// The file is what makes a topic: it is written last at creation (after the logs are there) and removed first at deletion, so a crash
// between leaves a directory without it, which the next start removes.

import Foundation
import Synchronization

final class TopicRegistry: Sendable {
    private static let maximumPartitions = 10_000

    private let directory: String
    private let defaultPartitions: Int
    private let fsync: Bool
    private let topics: Mutex<[String: Topic]>

    init(directory: String, defaultPartitions: Int, fsync: Bool) throws(BrokerError) {
        self.directory = directory
        self.defaultPartitions = min(max(1, defaultPartitions), Self.maximumPartitions)
        self.fsync = fsync
        var found: [String: Topic] = [:]
        do {
            for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
                let path = "\(directory)/\(name)"
                guard FileManager.default.fileExists(atPath: "\(path)/topic") else {
                    try FileManager.default.removeItem(atPath: path)
                    continue
                }
                found[name] = try Self.load(name, path: path, fsync: fsync)
            }
        } catch let error as BrokerError {
            throw error
        } catch {
            throw .storage(path: directory, reason: "\(error)")
        }
        topics = Mutex(found)
    }

    private static func load(_ name: String, path: String, fsync: Bool) throws -> Topic {
        let lines = try String(contentsOfFile: "\(path)/topic", encoding: .utf8).split(separator: "\n")
        guard let count = lines.first.flatMap({ Int($0) }), (1...maximumPartitions).contains(count) else {
            throw BrokerError.storage(path: "\(path)/topic", reason: "the first line must be the partition count")
        }
        var configs: [String: String] = [:]
        for line in lines.dropFirst() {
            let pair = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { configs[String(pair[0])] = String(pair[1]) }
        }
        let log = TopicConfig.log(configs, fsync: fsync)
        let partitions = try (0..<count).map {
            Partition(log: try PartitionLog(directory: "\(path)/\($0)", configuration: log))
        }
        return Topic(name: name, partitions: partitions, configs: configs)
    }

    var all: [Topic] { topics.withLock { $0.values.sorted { $0.name < $1.name } } }

    func topic(_ name: String) -> Topic? { topics.withLock { $0[name] } }

    func partition(_ topic: String, _ index: Int32) -> Partition? {
        topics.withLock { topics in
            guard let partitions = topics[topic]?.partitions, index >= 0, Int(index) < partitions.count else {
                return nil
            }
            return partitions[Int(index)]
        }
    }

    static func isValid(_ name: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= 249, name != ".", name != ".." else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }

    /// - Parameter partitionCount: nil is the default.
    func create(
        _ name: String, partitionCount: Int?, configs: [String: String], validateOnly: Bool
    ) throws(TopicError) -> Int {
        guard Self.isValid(name) else {
            throw TopicError(
                code: .invalidTopic, message: "Topic name is invalid: 1 to 249 of a-z A-Z 0-9 . _ - are allowed")
        }
        let count = partitionCount ?? defaultPartitions
        try Self.check(count)
        try TopicConfig.validate(configs)
        return try topics.withLock { topics throws(TopicError) in
            guard topics[name] == nil else {
                throw TopicError(code: .topicAlreadyExists, message: "Topic '\(name)' already exists.")
            }
            if validateOnly { return count }
            let path = "\(directory)/\(name)"
            do {
                try? FileManager.default.removeItem(atPath: path)
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
                let topic = Topic(name: name, partitions: try open(0..<count, of: name, configs), configs: configs)
                try write(topic)
                topics[name] = topic
            } catch {
                throw TopicError(code: .storageError, message: "\(error)")
            }
            return count
        }
    }

    func addPartitions(_ name: String, count: Int, validateOnly: Bool) throws(TopicError) {
        try Self.check(count)
        try topics.withLock { topics throws(TopicError) in
            guard var topic = topics[name] else {
                throw TopicError(code: .unknownTopicOrPartition, message: "This server does not host this topic.")
            }
            guard count > topic.partitions.count else {
                throw TopicError(
                    code: .invalidPartitions,
                    message: "Topic currently has \(topic.partitions.count) partitions, asked for \(count).")
            }
            if validateOnly { return }
            do {
                topic.partitions += try open(topic.partitions.count..<count, of: name, topic.configs)
                try write(topic)
            } catch {
                throw TopicError(code: .storageError, message: "\(error)")
            }
            topics[name] = topic
        }
    }

    /// The new configurations are in the file before they are in force, and both before this returns.
    func alter(
        _ name: String, validateOnly: Bool, _ change: ([String: String]) throws(TopicError) -> [String: String]
    ) throws(TopicError) {
        try topics.withLock { topics throws(TopicError) in
            guard var topic = topics[name] else { throw .unknownTopic }
            let configs = try change(topic.configs)
            try TopicConfig.validate(configs)
            if validateOnly || configs == topic.configs { return }
            topic.configs = configs
            do {
                try write(topic)
            } catch {
                throw TopicError(code: .storageError, message: "\(error)")
            }
            let log = TopicConfig.log(configs, fsync: fsync)
            for partition in topic.partitions { partition.log.configure(log) }
            topics[name] = topic
        }
    }

    func delete(_ name: String) throws(TopicError) {
        let topic = try topics.withLock { topics throws(TopicError) in
            guard let topic = topics[name] else {
                throw TopicError(code: .unknownTopicOrPartition, message: "This server does not host this topic.")
            }
            do {
                try FileManager.default.removeItem(atPath: "\(directory)/\(name)/topic")
                for partition in topic.partitions { try partition.log.delete() }
                try? FileManager.default.removeItem(atPath: "\(directory)/\(name)")
            } catch {
                throw TopicError(code: .storageError, message: "\(error)")
            }
            topics[name] = nil
            return topic
        }
        for partition in topic.partitions { partition.wake() }
    }

    func close() {
        for topic in all {
            for partition in topic.partitions { partition.log.close() }
        }
    }

    private static func check(_ count: Int) throws(TopicError) {
        guard (1...maximumPartitions).contains(count) else {
            throw TopicError(
                code: .invalidPartitions,
                message: "Number of partitions must be 1 to \(maximumPartitions), not \(count).")
        }
    }

    private func open(_ indices: Range<Int>, of name: String, _ configs: [String: String]) throws -> [Partition] {
        let log = TopicConfig.log(configs, fsync: fsync)
        return try indices.map {
            Partition(log: try PartitionLog(directory: "\(directory)/\(name)/\($0)", configuration: log))
        }
    }

    private func write(_ topic: Topic) throws {
        let lines =
            ["\(topic.partitions.count)"] + topic.configs.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        try lines.joined(separator: "\n").write(
            toFile: "\(directory)/\(topic.name)/topic", atomically: true, encoding: .utf8)
    }
}
