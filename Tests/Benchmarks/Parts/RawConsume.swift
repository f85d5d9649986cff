import RDKafka

/// Reads the input topic and looks at every byte's address, from the first record to the last.
struct RawConsume {
    let context: PartContext

    init(_ context: PartContext) { self.context = context }

    func measure() throws -> Measurement {
        let reader = try RecordReader(context.consumer)
        try reader.read(context.inputPartitions)
        let total = context.options.records
        var progress = Progress(total: total)
        var start: Usage?
        var count = 0
        var bytes = 0
        while count < total {
            count += try reader.poll { message in
                if start == nil { start = .now }
                bytes += (message.keyBytes?.count ?? 0) + (message.valueBytes?.count ?? 0)
            }
            progress.reached(count)
        }
        guard let start, bytes >= total * context.options.valueSize else {
            throw BenchError("\(total) records had only \(bytes) bytes")
        }
        return Measurement(context.part, records: count, from: start, to: .now)
    }
}
