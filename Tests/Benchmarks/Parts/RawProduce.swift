/// Writes the records, from the first call to the last acknowledgement.
struct RawProduce {
    let context: PartContext
    let topic: String

    init(_ context: PartContext, topic: String) {
        self.context = context
        self.topic = topic
    }

    func measure() throws -> Measurement {
        let records = Records(context.options)
        let sender = try RecordSender(context.producer, topic: topic)
        var progress = Progress(total: records.count)
        let start = Usage.now
        var count = 0
        try records.forEach { partition, key, value in
            try sender.send(partition, key: key, value: value)
            count += 1
            if count % 1000 == 0 {
                try sender.poll()
                progress.reached(count)
            }
        }
        try sender.finish(expecting: count)
        return Measurement(context.part, records: count, from: start, to: .now)
    }
}
