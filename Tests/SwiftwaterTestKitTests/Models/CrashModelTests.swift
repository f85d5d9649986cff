import Swiftwater
import Testing

/// Every operator that keeps state, with commits and crashes at random places: what it tells of each record in the end is what a
/// naive model tells, which knows after a crash what was committed, but no longer how far time had come.
@Suite struct CrashModelTests {
    @Test func `S-48 S-49 S-51 time windows outlive crashes`() throws {
        try forEachSeed(1_000) { random in
            let (windows, size, advance, grace) = random.timeWindows()
            let inputs = random.inputs()
            let plan = CrashRun.plan(inputs.count, &random)
            let builder = StreamsBuilder()
            builder.texts("in").groupByKey(key: .string).windowedBy(windows)
                .aggregate("", as: Materialized("s", value: .string)) { _, value, all in
                    value == "x" ? nil : all + (value ?? "-")
                }
                .writeSessions()
            let model = TimeWindowModel(
                size: size, advance: advance, grace: grace, isCached: false, retention: size + grace)
            let steps = CrashRun.steps(of: model, inputs, plan) {
                $0.restart()
            } process: {
                $0.process($1).map(\.text)
            }
            return ModelDifference(
                "size \(size) advance \(advance) grace \(grace)", inputs, plan, try CrashRun(builder, inputs, plan),
                model: steps)
        }
    }

    @Test func `S-62 final results of time windows are told once, through crashes`() throws {
        try forEachSeed(1_000) { random in
            let (windows, size, advance, grace) = random.timeWindows()
            let inputs = random.inputs()
            let plan = CrashRun.plan(inputs.count, &random)
            let builder = StreamsBuilder()
            builder.texts("in").groupByKey(key: .string).windowedBy(windows).emitStrategy(.onWindowClose)
                .aggregate("", as: Materialized("s", value: .string)) { _, value, all in
                    value == "x" ? nil : all + (value ?? "-")
                }
                .writeSessions()
            let model = TimeWindowModel(size: size, advance: advance, grace: grace, isCached: false)
            let steps = CrashRun.steps(of: model, inputs, plan) {
                $0.restart()
            } process: { model, input in
                _ = model.process(input)
                return input.key == nil ? [] : model.takeClosed().map(\.text)
            }
            return ModelDifference(
                "size \(size) advance \(advance) grace \(grace)", inputs, plan, try CrashRun(builder, inputs, plan),
                model: steps)
        }
    }

    @Test func `S-52 S-53 S-54 S-55 sessions outlive crashes`() throws {
        try forEachSeed(1_000) { random in
            let gap = random.number(1...20)
            let grace = random.once(in: 3) ? 0 : random.number(0...30)
            let inputs = random.inputs()
            let plan = CrashRun.plan(inputs.count, &random)
            let builder = StreamsBuilder()
            builder.texts("in").groupByKey(key: .string)
                .windowedBy(SessionWindows(inactivityGap: .milliseconds(gap), grace: .milliseconds(grace)))
                .aggregate("", as: Materialized("s", value: .string)) { _, earlier, later in
                    "(\(earlier)\(later))"
                } _: { _, value, all in
                    all + (value ?? "-")
                }
                .writeSessions()
            let model = SessionModel(gap: gap, grace: grace, retention: gap + grace, isCached: false)
            let steps = CrashRun.steps(of: model, inputs, plan) {
                $0.restart()
            } process: {
                $0.process($1).map(\.text)
            }
            return ModelDifference(
                "gap \(gap) grace \(grace)", inputs, plan, try CrashRun(builder, inputs, plan), model: steps)
        }
    }

    @Test func `S-16 S-56 S-57 sliding windows outlive crashes`() throws {
        try forEachSeed(1_000) { random in
            let difference = random.number(1...20)
            let grace = random.number(0...40)
            // No record is too late: which windows there are then does not depend on the order in which records come.
            let inputs = random.inputs { $0.number(0...grace) }
            let plan = CrashRun.plan(inputs.count, &random)
            let builder = StreamsBuilder()
            builder.texts("in").groupByKey(key: .string)
                .windowedBy(SlidingWindows(timeDifference: .milliseconds(difference), grace: .milliseconds(grace)))
                .aggregate("", as: Materialized("s", value: .string, retention: .seconds(10))) { _, value, all in
                    all + (value ?? "-")
                }
                .writeSessions()
            let steps = CrashRun.steps(of: SlidingWindowModel(difference: difference, grace: grace), inputs, plan) {
                $0.restart()
            } process: {
                $0.process($1).map(\.text)
            }
            // A window that is behind one record and ends with another is told twice, as in Kafka Streams.
            return ModelDifference(
                "difference \(difference) grace \(grace)", inputs, plan, try CrashRun(builder, inputs, plan),
                model: steps, isOrdered: false)
        }
    }

    @Test func `S-65 S-66 S-67 what a suppression holds back outlives crashes`() throws {
        try forEachSeed(1_000) { random in
            let limit = random.number(0...40)
            let maxRecords = random.once(in: 2) ? nil : Int(random.number(0...2))
            let inputs = random.inputs()
            let plan = CrashRun.plan(inputs.count, &random)
            let builder = StreamsBuilder()
            builder.table("in", key: .string, value: .string, as: "t")
                .suppress(.untilTimeLimit(.milliseconds(limit), SuppressionBuffer(maxRecords: maxRecords)))
                .toStream()
                .to("out", key: .string, value: .string)
            let model = SuppressModel(wait: limit, maxRecords: maxRecords, dropsDeletions: false)
            let steps = CrashRun.steps(of: model, inputs, plan) {
                $0.restart()
            } process: { model, input in
                guard let key = input.key else { return [] }
                let time = input.time.rawValue
                return model.process(
                    key: Array(key.utf8), place: time, time: time, text: "\(key)=\(input.value ?? "null")@\(time)",
                    isDeletion: input.value == nil)
            }
            return ModelDifference(
                "limit \(limit) records \(maxRecords ?? .max)", inputs, plan, try CrashRun(builder, inputs, plan),
                model: steps)
        }
    }

    @Test(arguments: [false, true])
    func `S-17 G-05 G-06 cogrouped streams are folded together, through crashes`(isWindowed: Bool) throws {
        try forEachSeed(1_000) { random in
            let (windows, size, advance, grace) = random.timeWindows()
            let inputs = random.inputs(["in", "other"])
            let plan = CrashRun.plan(inputs.count, &random)
            let builder = StreamsBuilder()
            let cogrouped = builder.texts("in").groupByKey(key: .string)
                .cogroup { _, value, all in all + (value ?? "-") }
                .cogroup(builder.texts("other").groupByKey(key: .string)) { _, value, all in
                    value == "x" ? nil : "(\(all)\(value ?? "-"))"
                }
            let steps: [[String]]
            if isWindowed {
                cogrouped.windowedBy(windows).aggregate("", as: Materialized("s", value: .string)).writeSessions()
                // Each stream has a node of its own, which knows how far time has come in its stream.
                let model = CogroupModel(
                    windows: TimeWindowModel(
                        size: size, advance: advance, grace: grace, isCached: false, retention: size + grace))
                steps = CrashRun.steps(of: model, inputs, plan) {
                    $0.restart()
                } process: {
                    $0.process($1)
                }
            } else {
                cogrouped.aggregate("", as: Materialized("s", value: .string)).toStream()
                    .to("out", key: .string, value: .string)
                steps = CrashRun.steps(of: [String: (value: String, time: Int64)](), inputs, plan) { _ in
                } process: { model, input in
                    guard let key = input.key, input.value != nil else { return [] }
                    let old = model[key]
                    let time = max(input.time.rawValue, old?.time ?? -1)
                    let new = CogroupModel.fold(input, old?.value ?? "")
                    model[key] = new.map { ($0, time) }
                    return ["\(key)=\(new ?? "null")@\(time)"]
                }
            }
            return ModelDifference(
                "size \(size) advance \(advance) grace \(grace)", inputs, plan, try CrashRun(builder, inputs, plan),
                model: steps)
        }
    }

    @Test func `S-13 S-41 G-01 aggregates outlive crashes`() throws {
        try forEachSeed(1_000) { random in
            let inputs = random.inputs()
            let plan = CrashRun.plan(inputs.count, &random)
            let builder = StreamsBuilder()
            let grouped = builder.texts("in").groupByKey(key: .string)
            grouped.aggregate("", as: Materialized("texts", value: .string)) { _, value, all in
                value == "x" ? nil : all + value
            }.toStream().to("out", key: .string, value: .string)
            grouped.count(as: "counts").toStream().map { key, count in ("\(key)#", count) }
                .to("out", key: .string, value: .int64)
            typealias Row = (text: String?, textTime: Int64, count: Int, time: Int64)
            let steps = CrashRun.steps(of: [String: Row](), inputs, plan) { _ in
            } process: { model, input in
                guard let key = input.key, let value = input.value else { return [] }
                let time = input.time.rawValue
                var row = model[key] ?? (nil, -1, 0, -1)
                row.textTime = max(time, row.text == nil ? -1 : row.textTime)
                row.text = value == "x" ? nil : (row.text ?? "") + value
                row.count += 1
                row.time = max(time, row.time)
                model[key] = row
                return ["\(key)=\(row.text ?? "null")@\(row.textTime)", "\(key)#=\(row.count)@\(row.time)"]
            }
            return ModelDifference("", inputs, plan, try CrashRun(builder, inputs, plan), model: steps)
        }
    }

    @Test func `S-24 S-33 S-34 K-14 T-01 T-02 a stream read as a table outlives crashes, kept or as a view`() throws {
        try forEachSeed(1_000) { random in
            let isKept = random.once(in: 2)
            let inputs = random.inputs()
            let plan = CrashRun.plan(inputs.count, &random)
            let builder = StreamsBuilder()
            builder.texts("in").toTable(as: Materialized("t", key: .string, value: .string))
                .filter(as: isKept ? Materialized("f", value: .string) : nil) { _, value in value < "f" }
                .mapValues(as: isKept ? Materialized("m", value: .string) : nil) { "<\($0)>" }
                .toStream().to("out", key: .string, value: .string)
            let steps = CrashRun.steps(of: (), inputs, plan) { _ in
            } process: { _, input in
                guard let key = input.key else { return [] }
                let value = input.value.flatMap { $0 < "f" ? "<\($0)>" : nil }
                return ["\(key)=\(value ?? "null")@\(input.time)"]
            }
            return ModelDifference("kept \(isKept)", inputs, plan, try CrashRun(builder, inputs, plan), model: steps)
        }
    }
}

/// Two cogrouped streams over time windows: one store, and a stream time of each stream's own.
private struct CogroupModel {
    var windows: TimeWindowModel
    private var times: [String: Int64] = [:]

    init(windows: TimeWindowModel) {
        self.windows = windows
    }

    static func fold(_ input: RuleRun.Input, _ all: String) -> String? {
        if input.topic == "in" { return all + (input.value ?? "-") }
        return input.value == "x" ? nil : "(\(all)\(input.value ?? "-"))"
    }

    mutating func restart() {
        times = [:]
        windows.restart()
    }

    mutating func process(_ input: RuleRun.Input) -> [String] {
        guard input.key != nil else { return [] }
        windows.restart(at: times[input.topic] ?? -1)
        defer { times[input.topic] = max(times[input.topic] ?? -1, input.time.rawValue) }
        return windows.process(input) { Self.fold(input, $0 ?? "") }.map(\.text)
    }
}

extension SeededRandom {
    /// Tumbling or hopping windows.
    fileprivate mutating func timeWindows() -> (TimeWindows, size: Int64, advance: Int64, grace: Int64) {
        let size = number(1...30)
        let advance = once(in: 2) ? size : number(1...size)
        let grace = once(in: 3) ? 0 : number(0...30)
        let windows = TimeWindows(
            size: .milliseconds(size), advance: .milliseconds(advance), grace: .milliseconds(grace))
        return (windows, size, advance, grace)
    }
}
