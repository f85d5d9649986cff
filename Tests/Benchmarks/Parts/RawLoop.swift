import RDKafka

/// The ceiling: every record is read and written again by one thread, until the last is acknowledged.
struct RawLoop {
    let context: PartContext

    init(_ context: PartContext) { self.context = context }

    func measure() throws -> Measurement {
        let reader = try RecordReader(context.consumer)
        let sender = try RecordSender(context.producer, topic: context.output)
        try reader.read(context.inputPartitions)
        let total = context.options.records
        var progress = Progress(total: total)
        var start: Usage?
        var failure: (any Error)?
        var count = 0
        while count < total {
            count += try reader.poll { message in
                if start == nil { start = .now }
                guard failure == nil else { return }
                do {
                    try sender.send(
                        message.partition, key: message.keyBytes, value: message.valueBytes,
                        timestamp: message.timestamp)
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            try sender.poll()
            progress.reached(count)
        }
        try sender.finish(expecting: total)
        guard let start else { throw BenchError("nothing was read") }
        return Measurement(context.part, records: count, from: start, to: .now)
    }
}
