import Foundation
import Swiftwater

extension GoldenTopologies {
    static let processors: [GoldenTopology] = [
        GoldenTopology("papi-header-propagation") { builder in
            let stream = builder.stream("in", key: .optional(.string), value: .optional(.string))
                .process(named: "tagger") { (context: ProcessorContext<String?, String?>) in
                    { record in
                        var record = record
                        record.headers.append("seen", "1")
                        try context.forward(record)
                    }
                }
                .mapValues { value in value.map { "\($0)." } }
                .filter { _, value in value != nil }
            stream.selectKey { _, value in value.map { String($0.prefix(1)) } }
                .repartition(named: "rp", key: .string, value: .optional(.string))
                .to("out", key: .string, value: .string)
            stream.groupBy(key: .string, value: .optional(.string)) { _, value in value.map { String($0.prefix(1)) } }
                .count(as: "c").toStream().to("counts", key: .string, value: .int64)
        },
        GoldenTopology("papi-processvalues-dedup") { builder in
            let last = builder.addStateStore(.keyValue("last", key: .string, value: .string))
            builder.stream("in", key: .optional(.string), value: .optional(.string))
                .processValues(stores: [last]) { (context: FixedKeyProcessorContext<String?, String?>) in
                    let last = try context.store(last)
                    return { record in
                        guard let key = record.key else { return try context.forward(record) }
                        if let value = record.value, try last.value(of: key) == value { return }
                        try last.set(record.value, of: key)
                        try context.forward(record)
                    }
                }
                .groupByKey(key: .string, value: .optional(.string)).count(as: "c").toStream()
                .to("out", key: .string, value: .int64)
        },
        GoldenTopology("papi-streamtime-punctuator") { builder in
            let counts = builder.addStateStore(
                .keyValue("cnt", key: .string, value: .int64, storeType: .inMemory))
            builder.stream("in", key: .optional(.string), value: .optional(.string), named: "src")
                .process(stores: [counts], named: "p") { (context: ProcessorContext<String, Int64>) in
                    let counts = try context.store(counts)
                    try context.schedule(every: .seconds(10), .streamTime) { now in
                        let all = try counts.all()
                        for entry in all {
                            try context.forward(Record(key: entry.key, value: entry.value, timestamp: now))
                            try counts.remove(entry.key)
                        }
                        try context.forward(Record(key: "#tick", value: Int64(all.count), timestamp: now))
                    }
                    return { record in
                        let key = record.key ?? "null"
                        try counts.set((counts.value(of: key) ?? 0) + 1, of: key)
                    }
                }
                .to("out", key: .string, value: .int64, named: "snk")
        },
        GoldenTopology("papi-versioned-lookup") { builder in
            let versions = builder.addStateStore(
                .versioned("v", key: .string, value: .string, historyRetention: .seconds(30)))
            builder.stream("upd", key: .string, value: .optional(.string))
                .process(stores: [versions], named: "putter") { (context: ProcessorContext<String, String>) in
                    let versions = try context.store(versions)
                    return { record in
                        let put = try versions.put(record.value, of: record.key, at: record.timestamp)
                        try context.forward(record.with(value: "put:\(put.code)"))
                    }
                }
                .to("out", key: .string, value: .string)
            builder.stream("q", key: .string, value: .optional(.string))
                .process(stores: [versions], named: "getter") { (context: ProcessorContext<String, String>) in
                    let versions = try context.store(versions)
                    return { record in
                        let then = try versions.record(of: record.key, asOf: record.timestamp)
                        let now = try versions.record(of: record.key)
                        let asOf = then.map {
                            "\($0.value)@\($0.timestamp)..\($0.validTo.map { "\($0)" } ?? "open")"
                        }
                        let latest = now.map { "\($0.value)@\($0.timestamp)" }
                        try context.forward(
                            record.with(value: "asOf=\(asOf ?? "none");latest=\(latest ?? "none")"))
                    }
                }
                .to("out", key: .string, value: .string)
        },
        GoldenTopology("papi-wallclock-punctuator") { builder in
            let buffer = builder.addStateStore(.keyValue("buf", key: .string, value: .string))
            builder.stream("in", key: .optional(.string), value: .optional(.string))
                .process(stores: [buffer], named: "bufferer") { (context: ProcessorContext<String, String>) in
                    let buffer = try context.store(buffer)
                    try context.schedule(every: .seconds(5), .wallClockTime) { _ in
                        for entry in try buffer.all() {
                            let parts = entry.value.split(separator: "\u{1}", omittingEmptySubsequences: false)
                            try context.forward(
                                Record(
                                    key: String(parts[0]),
                                    value: String(parts[1]),
                                    timestamp: Timestamp(rawValue: Int64(parts[2]) ?? -1)
                                )
                            )
                            try buffer.remove(entry.key)
                        }
                    }
                    var beats = 0
                    var beat: Cancellable?
                    beat = try context.schedule(every: .seconds(7), .wallClockTime) { now in
                        try context.forward(Record(key: "beat", value: "\(now)", timestamp: now))
                        beats += 1
                        if beats == 3 { beat?.cancel() }
                    }
                    var count = 0
                    return { record in
                        let digits = String(count)
                        let key = String(repeating: "0", count: 4 - digits.count) + digits
                        count += 1
                        let value = "\(record.key ?? "null")\u{1}\(record.value ?? "null")\u{1}\(record.timestamp)"
                        try buffer.set(value, of: key)
                    }
                }
                .to("out", key: .string, value: .string)
        },
    ]
}
