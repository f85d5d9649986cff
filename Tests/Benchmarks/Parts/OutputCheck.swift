import RDKafka
import Swiftwater

/// A rate of wrong results is worth nothing: reads the whole output after the measurement.
struct OutputCheck {
    let context: PartContext

    init(_ context: PartContext) { self.context = context }

    func check(counts: Bool) throws {
        let reader = try RecordReader(context.consumer)
        try reader.read((0..<context.options.partitions).map { RDKafka.TopicPartition(context.output, Int32($0)) })
        var (records, open) = (0, context.options.partitions)
        var last: [[UInt8]: Int64] = [:]
        while open > 0 {
            records += try reader.poll { message in
                guard counts, let key = message.keyBytes, let value = message.valueBytes else { return }
                last[Array(key)] = value.reduce(0) { $0 << 8 | Int64($1) }
            } answer: { event in
                if case .endOfPartition = event { open -= 1 }
            }
        }
        let found = counts ? Int(last.values.reduce(0, +)) : records
        guard found == context.options.records else {
            throw BenchError(
                "the output of '\(context.part.rawValue)' is wrong: \(found) of \(context.options.records)")
        }
    }
}
