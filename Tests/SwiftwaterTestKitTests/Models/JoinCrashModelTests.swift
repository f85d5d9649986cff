import Swiftwater
import Testing

/// Joins, with commits and crashes at random places, against models that compare each record with all that came before it.
@Suite struct JoinCrashModelTests {
    @Test(arguments: [(false, false), (true, false), (true, true)])
    func `S-69 S-71 S-73 S-75 J-01 joins of streams outlive crashes`(isLeftOuter: Bool, isRightOuter: Bool) throws {
        try forEachSeed(1_000) { random in
            let before = random.number(1...20)
            let settings = StreamJoinModel.Settings(
                isLeftOuter: isLeftOuter,
                isRightOuter: isRightOuter,
                before: before,
                after: isLeftOuter ? before : random.number(0...20),
                grace: random.once(in: 3) ? 0 : random.number(1...30),
                waits: true
            )
            let check = CrashCheck(random.inputs(["left", "right"]), &random)
            // The stores of a join have no caches.
            return try check.difference(
                "\(settings)", StreamJoinModelTests.joined(settings).build(), cached: .steps,
                model: StreamJoinModel(settings)
            ) {
                $0.restart()
            } process: {
                $0.process($1)
            }
        }
    }

    @Test func `S-76 J-04 a join of a stream with itself outlives crashes, with one store as with two`() throws {
        try forEachSeed(1_000) { random in
            // Without grace the second store loses matches at the very edge of the window, the one store does not.
            let grace = random.number(1...20)
            let windows = JoinWindows(
                before: .milliseconds(random.number(0...8)), after: .milliseconds(random.number(0...8)),
                grace: .milliseconds(grace))
            let check = CrashCheck(random.inputs { $0.number(0...grace) }, &random)
            let builder = StreamsBuilder()
            let stream = builder.texts("in")
            stream.join(stream, windows) { "\($0)+\($1)" }.to("out", key: .string, value: .string)
            return try check.difference(
                "\(windows)", builder.build(optimizing: .singleStoreSelfJoin), builder.build())
        }
    }

    @Test(arguments: [false, true])
    func `S-20 S-21 S-77 S-78 J-02 joins of a stream with a table outlive crashes`(isLeft: Bool) throws {
        try forEachSeed(1_000) { random in
            let isVersioned = random.once(in: 2)
            let grace = isVersioned && random.once(in: 2) ? random.number(0...40) : nil
            let check = CrashCheck(random.inputs(["s", "t"]), &random)
            let builder = StreamsBuilder()
            let table = builder.table(
                "t", key: .string, value: .string,
                as: Materialized("tbl", history: isVersioned ? .seconds(100) : nil))
            let joined = Joined<String, String, String>(gracePeriod: grace.map { .milliseconds($0) })
            let stream = builder.texts("s")
            if isLeft {
                stream.leftJoin(table, joined: joined) { "\($0)+\($1 ?? "null")" }
                    .to("out", key: .string, value: .string)
            } else {
                stream.join(table, joined: joined) { "\($0)+\($1)" }.to("out", key: .string, value: .string)
            }
            // The stream time of a grace period is kept with what waits; a lookup sees what a cache holds.
            return try check.difference(
                "versioned \(isVersioned) grace \(grace ?? -1)", builder.build(), cached: .steps,
                model: RowJoinModel(isLeft: isLeft, isVersioned: isVersioned, grace: grace)
            ) {
                $0.process($1)
            }
        }
    }

    @Test(arguments: TableModelTests.joins, [false, true])
    func `S-25 S-81 T-06 joins of tables outlive crashes`(join: TableModelTests.JoinCase, isKept: Bool) throws {
        let topology = try Self.tables(join, isKept: isKept, isVersioned: false)
        typealias Row = (value: String, time: Int64)
        try forEachSeed(1_000) { random in
            let check = CrashCheck(random.inputs(["l", "r"]), &random)
            return try check.difference(
                // A deletion that no cache tells gives an unmatched result no time. An inner join asks the other table when a cache
                // tells a change: where both rows go in one commit neither is found, and as in Kafka Streams the result stands.
                "", topology, cached: join.needsRight ? nil : .values, model: [String: [String: Row]]()
            ) { model, input in
                guard let key = input.key else { return [] }
                let (this, other) = input.topic == "l" ? ("l", "r") : ("r", "l")
                let old = model[this]?[key]
                let time = input.time.rawValue
                model[this, default: [:]][key] = input.value.map { ($0, time) }
                let found = model[other]?[key]
                let needsOther = this == "l" ? join.needsRight : join.needsLeft
                if found == nil, needsOther || old == nil && input.value == nil { return [] }
                let result = join.result(model["l"]?[key]?.value, model["r"]?[key]?.value)
                return ["\(key)=\(result ?? "null")@\(max(time, found?.time ?? -1))"]
            }
        }
    }

    @Test(arguments: TableModelTests.joins)
    func `S-25 S-42 T-06 T-10 joins of versioned tables outlive crashes`(join: TableModelTests.JoinCase) throws {
        let topology = try Self.tables(join, isKept: false, isVersioned: true)
        typealias Row = (value: String?, time: Int64)
        try forEachSeed(1_000) { random in
            let check = CrashCheck(random.inputs(["l", "r"]), &random)
            return try check.difference(
                "", topology, uncached: .values, cached: .values, model: [String: [String: Row]]()
            ) { model, input in
                guard let key = input.key else { return [] }
                // An update that is older than the row changes nothing.
                if let row = model[input.topic]?[key], input.time.rawValue < row.time { return [] }
                model[input.topic, default: [:]][key] = (input.value, input.time.rawValue)
                let result = join.result(model["l"]?[key]?.value, model["r"]?[key]?.value)
                return ["\(key)=\(result ?? "null")@\(input.time)"]
            }
        }
    }

    private static func tables(
        _ join: TableModelTests.JoinCase, isKept: Bool, isVersioned: Bool
    ) throws -> Topology {
        let builder = StreamsBuilder()
        let history: Duration? = isVersioned ? .seconds(1_000) : nil
        let left = builder.table("l", key: .string, value: .string, as: Materialized("lt", history: history))
        let right = builder.table("r", key: .string, value: .string, as: Materialized("rt", history: history))
        let kept: Materialized<String, String>? = isKept ? Materialized("j", value: .string) : nil
        let joined: KTable<String, String> =
            if join.needsRight {
                left.join(right, as: kept) { left, right in "\(left)+\(right)" }
            } else if join.needsLeft {
                left.leftJoin(right, as: kept) { left, right in "\(left)+\(right ?? "-")" }
            } else {
                left.outerJoin(right, as: kept) { left, right in "\(left ?? "-")+\(right ?? "-")" }
            }
        joined.toStream().to("out", key: .string, value: .string)
        return try builder.build()
    }

    @Test(arguments: [false, true])
    func `S-22 S-23 S-79 J-03 joins with a global table do what a naive model does`(isLeft: Bool) throws {
        try forEachSeed(1_000) { random in
            let inputs = random.inputs(["s", "g"])
            let builder = StreamsBuilder()
            let table = builder.globalTable("g", key: .string, value: .string, as: "kept")
            // Joined by the record's value, in which a quarter of the letters names no row.
            @Sendable func row(_ value: String) -> String? {
                let keys = ["a", "b", "ab", nil]
                return keys[Int(value.utf8.first ?? 0) % keys.count]
            }
            if isLeft {
                builder.texts("s").leftJoin(table, on: { _, value in row(value) }) { "\($0)/\($1 ?? "none")" }
                    .to("out", key: .string, value: .string)
            } else {
                builder.texts("s").join(table, on: { _, value in row(value) }) { "\($0)/\($1)" }
                    .to("out", key: .string, value: .string)
            }
            var rows: [String: String] = [:]
            let steps = inputs.map { input -> [String] in
                if input.topic == "g" {
                    if let key = input.key { rows[key] = input.value }
                    return []
                }
                guard let value = input.value else { return [] }
                let name = row(value)
                // Without a row's name only a record that has no key of its own is told.
                if name == nil, !isLeft || input.key != nil { return [] }
                let found = name.flatMap { rows[$0] }
                if found == nil, !isLeft { return [] }
                return ["\(input.key ?? "null")=\(value)/\(found ?? "none")@\(input.time)"]
            }
            let run = try StepRun(builder, inputs)
            return ModelDifference("left \(isLeft)", inputs: inputs, run, model: steps, late: 0)
        }
    }
}

/// A join of the stream "s" with the table "t", as of a record's time where the table is versioned, after a grace period or at once.
private struct RowJoinModel {
    let isLeft: Bool
    let isVersioned: Bool
    let grace: Int64?
    private var rows: [String: [(time: Int64, value: String?)]] = [:]
    private var streamTime: Int64 = -1
    private var waiting: [(time: Int64, order: [UInt8], key: String, value: String)] = []
    private var count: UInt32 = 0

    init(isLeft: Bool, isVersioned: Bool, grace: Int64?) {
        self.isLeft = isLeft
        self.isVersioned = isVersioned
        self.grace = grace
    }

    private func joined(_ key: String?, _ value: String, _ time: Int64) -> [String] {
        let versions = rows[key ?? "", default: []]
        let row = isVersioned ? versions.last { $0.time <= time } : versions.last
        let found = key == nil ? nil : row?.value
        return isLeft || found != nil ? ["\(key ?? "null")=\(value)+\(found ?? "null")@\(time)"] : []
    }

    mutating func process(_ input: RuleRun.Input) -> [String] {
        let time = input.time.rawValue
        if input.topic == "t" {
            guard let key = input.key else { return [] }
            if isVersioned {
                var versions = rows[key, default: []].filter { $0.time != time }
                versions.insert((time, input.value), at: versions.firstIndex { $0.time > time } ?? versions.count)
                rows[key] = versions
            } else {
                rows[key] = [(time, input.value)]
            }
            return []
        }
        guard let value = input.value else { return [] }
        guard let key = input.key else { return isLeft ? joined(nil, value, time) : [] }
        guard let grace, time >= streamTime - grace else { return joined(key, value, time) }
        streamTime = max(streamTime, time)
        count += 1
        waiting.append((time, Array(key.utf8) + withUnsafeBytes(of: count.bigEndian) { Array($0) }, key, value))
        let due = waiting.filter { $0.time <= streamTime - grace }
            .sorted { $0.time != $1.time ? $0.time < $1.time : $0.order.lexicographicallyPrecedes($1.order) }
        waiting.removeAll { $0.time <= streamTime - grace }
        return due.flatMap { joined($0.key, $0.value, $0.time) }
    }
}

extension TableModelTests.JoinCase {
    /// The row of a join; nil if there is none.
    fileprivate func result(_ left: String?, _ right: String?) -> String? {
        let isResult = !(left == nil && (needsLeft || right == nil)) && !(right == nil && needsRight)
        return isResult ? "\(left ?? "-")+\(right ?? "-")" : nil
    }
}
