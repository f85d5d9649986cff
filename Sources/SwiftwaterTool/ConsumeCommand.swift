import ArgumentParser
import Dispatch
import RDKafka

struct ConsumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consume", abstract: "Print the records of a topic.",
        discussion: """
            Without --group it reads all partitions and commits nothing. With --group it shares the partitions with the
            group's other members, goes on where the group was, and commits what it printed.

            --format takes %t topic, %p partition, %o offset, %T timestamp (ms), %k key, %s value, %h headers, %%,
            and the escapes \\n \\r \\t \\0 \\\\; records are not ended by a new line unless it says so.

            Examples:
              swiftwater consume lines --from-beginning --until-end
              swiftwater consume counts --from-beginning --keys --max 10
              swiftwater consume lines --group readers --format '%p/%o %k=%s\\n'
            """)

    @Argument(help: "The topic's name.") var topic: String
    @Flag(help: "Start with the first record (with --group: where the group has no offset).") var fromBeginning = false
    @Flag(help: "Exit at the end of the partitions.") var untilEnd = false
    @Option(help: ArgumentHelp("Exit after this many records.", valueName: "records")) var max: Int?
    @Option(help: "Read as a member of this consumer group.") var group: String?
    @Flag(help: "Print keys.") var keys = false
    @Flag(help: "Print headers.") var headers = false
    @Flag(help: "Print timestamps, in milliseconds since 1970.") var timestamps = false
    @Flag(name: [.customLong("partition"), .customLong("partitions")], help: "Print partitions.") var partitions = false
    @Flag(name: [.customLong("offset"), .customLong("offsets")], help: "Print offsets.") var offsets = false
    @Option(help: "Print records so, instead of fields with tabs between them.") var format: String?
    @Option(help: "What is printed for a null key or value.") var nullMarker = "null"
    @OptionGroup var cluster: ClusterOptions

    func validate() throws {
        if let max, max < 1 { throw ValidationError("--max must be at least 1.") }
        if group?.isEmpty == true { throw ValidationError("--group must not be empty.") }
        if let format {
            do {
                _ = try RecordFormat(parsing: format)
            } catch {
                throw ValidationError("--format: \(error)")
            }
        }
    }

    func recordFormat() throws -> RecordFormat {
        var result: RecordFormat
        if let format {
            result = try RecordFormat(parsing: format)
        } else {
            let fields: [(Bool, RecordFormat.Piece)] = [
                (timestamps, .timestamp), (partitions, .partition), (offsets, .offset), (headers, .headers),
                (keys, .key), (true, .value),
            ]
            let shown = fields.filter(\.0).map(\.1)
            result = RecordFormat(pieces: Array(shown.map { [$0] }.joined(separator: [.text([9])])) + [.text([10])])
        }
        result.nullMarker = Array(nullMarker.utf8)
        return result
    }

    func run() async throws {
        let interruption = Interruption()
        try cluster.reporting { try consume(interruption, write: StandardStreams.write) }
    }

    /// Hands over the printed records until the end that was asked for, or an interruption.
    func consume(_ interruption: Interruption, write: ([UInt8]) throws -> Void) throws {
        let reader = try TopicReader(self)
        let signals = interruption.listen(wake: { [waker = reader.consumer.waker] in waker.wake() })
        defer { for source in signals { source.cancel() } }
        let format = try recordFormat()
        var output: [UInt8] = []
        var left = max ?? .max
        while left > 0, !reader.isAtEnd, !interruption.isRequested {
            let count = try reader.poll(max: left) { format.append($0, to: &output) }
            left -= count
            try write(output)
            output.removeAll(keepingCapacity: true)
            try reader.settle()
        }
        try reader.close()
    }
}
