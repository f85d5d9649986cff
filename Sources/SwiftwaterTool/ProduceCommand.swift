import ArgumentParser
import Dispatch
import Foundation
import RDKafka
import Swiftwater

struct ProduceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "produce", abstract: "Write the lines of standard input to a topic, one record a line.",
        discussion: """
            A record with a key goes to the partition that every Kafka client would choose (murmur2); others go round.
            It ends when every record is acknowledged by all in-sync replicas.

            Examples:
              swiftwater produce lines < README.md
              echo 'user-1|' | swiftwater produce users --key-separator '|' --null-marker ''
              echo hello | swiftwater produce lines --partition 3 --header source=shell
            """)

    @Argument(help: "The topic's name.") var topic: String
    @Option(help: "What stands between key and value; without it records have no key.") var keySeparator: String?
    @Option(help: "A key or value that reads so is null (a null value is a tombstone).") var nullMarker: String?
    @Option(help: "Write everything to this partition.") var partition: Int32?
    @Option(help: ArgumentHelp("A header of every record; can be repeated.", valueName: "name=value"))
    var header: [String] = []
    @OptionGroup var cluster: ClusterOptions

    func validate() throws {
        if let partition, partition < 0 { throw ValidationError("--partition must not be negative.") }
        if keySeparator?.isEmpty == true { throw ValidationError("--key-separator must not be empty.") }
        for field in header where !field.dropFirst().contains("=") {
            throw ValidationError("--header '\(field)' is not of the form name=value.")
        }
    }

    private var headers: [MessageHeader] {
        header.map { field in
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return MessageHeader(String(parts[0]), Array(parts[1].utf8))
        }
    }

    func run() async throws {
        let interruption = Interruption()
        let signals = interruption.listen()
        defer { for source in signals { source.cancel() } }
        let acknowledged = try cluster.reporting { try produce(STDIN_FILENO, interruption) }
        if StandardStreams.errorIsTerminal { StandardStreams.note("\r\(acknowledged) records written") }
    }

    /// Writes all lines of the descriptor and waits for their acknowledgement; an interruption ends the reading.
    /// - Returns: how many records were acknowledged.
    func produce(_ descriptor: Int32, _ interruption: Interruption) throws -> Int {
        let producer = try Producer(
            cluster.configuration(["enable.idempotence": "true", "linger.ms": "5", "compression.type": "none"]))
        let handle = try producer.topic(topic)
        let count = try producer.partitionCount(handle, timeout: cluster.limit)
        if let partition, Int(partition) >= count {
            throw ToolError("topic \(topic) has no partition \(partition): it has \(count), counted from 0")
        }
        let format = RecordLine(
            separator: keySeparator.map { Array($0.utf8) }, nullMarker: nullMarker.map { Array($0.utf8) })
        let headers = headers
        var input = LineReader(descriptor: descriptor)
        var (lines, acknowledged) = (0, 0)
        var failure: KafkaError?
        let receive: (Delivery) -> Void = { delivery in
            if let error = delivery.error { failure = failure ?? error } else { acknowledged += 1 }
        }
        reading: while !interruption.isRequested, failure == nil {
            switch try input.next(waitingMilliseconds: 50) {
            case .end: break reading
            case .nothingYet: try producer.poll(timeout: .zero, into: receive)
            case .line(let line):
                guard let record = format.parse(line) else {
                    _ = try producer.flush(timeout: cluster.limit, into: receive)
                    throw ToolError(
                        "line \(lines + 1) has no key separator '\(keySeparator ?? "")'; "
                            + "\(acknowledged) records before it were written")
                }
                let target =
                    partition
                    ?? record.key.map { key in
                        key.withUnsafeBytes { DefaultPartitioner.partition(of: $0, count: Int32(count)) }
                    } ?? Int32(lines % count)
                lines += 1
                while try !send(record, to: handle, target, headers, with: producer), failure == nil {
                    try producer.poll(timeout: .milliseconds(100), into: receive)
                }
                if lines % 1000 == 0 {
                    try producer.poll(timeout: .zero, into: receive)
                    if StandardStreams.errorIsTerminal { StandardStreams.note("\r\(lines) lines", ending: "") }
                }
            }
        }
        let limit = ContinuousClock.now + .seconds(max(cluster.timeout, 30))
        while failure == nil, try !producer.flush(timeout: .milliseconds(200), into: receive) {
            guard ContinuousClock.now < limit else {
                throw ToolError(
                    "\(lines - acknowledged) of \(lines) records were not acknowledged in time; "
                        + "is a broker running at \(cluster.addresses)?")
            }
        }
        if let failure { throw failure }
        producer.close(limit: .seconds(5))
        return acknowledged
    }

    /// - Returns: false if the queue is full.
    private func send(
        _ record: (key: [UInt8]?, value: [UInt8]?), to topic: TopicHandle, _ partition: Int32,
        _ headers: [MessageHeader], with producer: Producer
    ) throws -> Bool {
        let outcome = try producer.produce(
            to: topic, partition: partition, key: record.key?.span.bytes, value: record.value?.span.bytes,
            headers: headers)
        switch outcome {
        case .queued: return true
        case .queueFull: return false
        }
    }
}
