import Swiftwater
import Testing

/// Operators that keep state by key, with commits and crashes at random places: what they tell in the end is what a naive model
/// tells, which knows after a crash what was committed. Windows stand in `WindowCrashModelTests`, joins in `JoinCrashModelTests`.
@Suite struct CrashModelTests {
    @Test func `S-13 S-41 G-01 aggregates outlive crashes`() throws {
        let builder = StreamsBuilder()
        let grouped = builder.texts("in").groupByKey(key: .string)
        grouped.aggregate("", as: Materialized("texts", value: .string)) { _, value, all in
            value == "x" ? nil : all + value
        }.toStream().to("out", key: .string, value: .string)
        grouped.count(as: "counts").toStream().map { key, count in ("\(key)#", count) }
            .to("out", key: .string, value: .int64)
        grouped.reduce(as: Materialized("last", value: .string)) { old, new in new == "x" ? nil : "\(old)<\(new)" }
            .toStream().map { key, last in ("\(key)<", last) }.to("out", key: .string, value: .string)
        let topology = try builder.build()
        struct Row {
            var text: (value: String, time: Int64)?
            var last: (value: String, time: Int64)?
            var count = 0
            var time: Int64 = -1
        }
        try forEachSeed(1_000) { random in
            let check = CrashCheck(random.inputs(), &random)
            return try check.difference("", topology, cached: .tables, model: [String: Row]()) { model, input in
                guard let key = input.key, let value = input.value else { return [] }
                let time = input.time.rawValue
                var row = model[key] ?? Row()
                let texted = max(time, row.text?.time ?? -1)
                row.text = value == "x" ? nil : ((row.text?.value ?? "") + value, texted)
                row.count += 1
                row.time = max(time, row.time)
                let reduced = max(time, row.last?.time ?? -1)
                // The first value is taken as it is.
                let joined = row.last.map { "\($0.value)<\(value)" } ?? value
                row.last = row.last != nil && value == "x" ? nil : (joined, reduced)
                model[key] = row
                return [
                    "\(key)=\(row.text?.value ?? "null")@\(texted)", "\(key)#=\(row.count)@\(row.time)",
                    "\(key)<=\(row.last?.value ?? "null")@\(reduced)",
                ]
            }
        }
    }

    @Test(arguments: [false, true])
    func `S-24 S-33 S-34 K-14 T-01 T-02 a stream read as a table outlives crashes, kept or as a view`(isKept: Bool)
        throws
    {
        let builder = StreamsBuilder()
        builder.texts("in").toTable(as: Materialized("t", key: .string, value: .string))
            .filter(as: isKept ? Materialized("f", value: .string) : nil) { _, value in value < "f" }
            .mapValues(as: isKept ? Materialized("m", value: .string) : nil) { "<\($0)>" }
            .toStream().to("out", key: .string, value: .string)
        let topology = try builder.build()
        try forEachSeed(1_000) { random in
            let check = CrashCheck(random.inputs(), &random)
            return try check.difference("", topology, cached: .tables, model: [String: String]()) { told, input in
                guard let key = input.key else { return [] }
                let value = input.value.flatMap { $0 < "f" ? "<\($0)>" : nil }
                // Only what was told is deleted, since the table that is filtered is kept.
                if value == nil, told[key] == nil { return [] }
                told[key] = value
                return ["\(key)=\(value ?? "null")@\(input.time)"]
            }
        }
    }

    @Test func `S-17 G-05 G-06 cogrouped streams are folded together, through crashes`() throws {
        let builder = StreamsBuilder()
        builder.texts("in").groupByKey(key: .string)
            .cogroup { _, value, all in all + (value ?? "-") }
            .cogroup(builder.texts("other").groupByKey(key: .string)) { _, value, all in
                value == "x" ? nil : "(\(all)\(value ?? "-"))"
            }
            .aggregate("", as: Materialized("s", value: .string)).toStream()
            .to("out", key: .string, value: .string)
        let topology = try builder.build()
        typealias Rows = [String: (value: String, time: Int64)]
        try forEachSeed(1_000) { random in
            let check = CrashCheck(random.inputs(["in", "other"]), &random)
            return try check.difference("", topology, cached: .tables, model: Rows()) { model, input in
                guard let key = input.key, let value = input.value else { return [] }
                let old = model[key]
                let time = max(input.time.rawValue, old?.time ?? -1)
                let all = old?.value ?? ""
                let new = input.topic == "in" ? all + value : value == "x" ? nil : "(\(all)\(value))"
                model[key] = new.map { ($0, time) }
                return ["\(key)=\(new ?? "null")@\(time)"]
            }
        }
    }

    @Test func `S-65 S-66 S-67 what a suppression holds back outlives crashes`() throws {
        try forEachSeed(1_000) { random in
            let limit = random.number(0...40)
            let maxRecords = random.once(in: 2) ? nil : Int(random.number(0...2))
            let check = CrashCheck(random.inputs(), &random)
            let builder = StreamsBuilder()
            builder.table("in", key: .string, value: .string, as: Materialized("t", cached: false))
                .suppress(.untilTimeLimit(.milliseconds(limit), SuppressionBuffer(maxRecords: maxRecords)))
                .toStream()
                .to("out", key: .string, value: .string)
            // The buffer itself is no cache: what comes to it at once it tells at once.
            return try check.difference(
                "limit \(limit) records \(maxRecords ?? .max)", builder.build(), cached: .steps,
                model: SuppressModel(wait: limit, maxRecords: maxRecords, dropsDeletions: false)
            ) {
                $0.restart()
            } process: { model, input in
                guard let key = input.key else { return [] }
                let time = input.time.rawValue
                return model.process(
                    key: Array(key.utf8), place: time, time: time, text: "\(key)=\(input.value ?? "null")@\(time)",
                    isDeletion: input.value == nil)
            }
        }
    }
}
