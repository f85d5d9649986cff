import Swiftwater
import Testing

/// Every kind of window, with commits and crashes at random places, against models that know after a crash what was committed, but
/// no longer how far time had come.
///
/// A store shows what is not older than its retention; a cache also what it holds itself. So runs with caches are compared where
/// the store keeps everything.
@Suite struct WindowCrashModelTests {
    /// Time windows of a random case, and how the model has them.
    struct WindowCase {
        var description: String
        var windows: any Windows
        var model: TimeWindowModel
        var retention: Duration?

        /// Whether what the store shows does not depend on what a cache holds.
        var isKeptForEver: Bool { model.retention == nil }
    }

    private static func texts(_ case: WindowCase) -> Materialized<String, String> {
        Materialized("s", value: .string, retention: `case`.retention)
    }

    @Sendable private static func fold(_ key: String, _ value: String?, _ all: String) -> String? {
        value == "x" ? nil : all + (value ?? "-")
    }

    private static func grouped(_ builder: StreamsBuilder, _ topic: String = "in") -> KGroupedStream<String, String?> {
        builder.texts(topic).groupByKey(key: .string)
    }

    // MARK: Time windows

    @Test(arguments: WindowKind.allCases)
    func `S-48 S-49 S-51 G-03 G-11 time windows outlive crashes`(kind: WindowKind) throws {
        try forEachSeed(1_000) { random in
            let windowCase = random.windows(kind)
            let check = CrashCheck(random.inputs(), &random)
            let builder = StreamsBuilder()
            windowCase.windowed(Self.grouped(builder))
                .aggregate("", as: Self.texts(windowCase), Self.fold).writeSessions()
            return try check.difference(
                windowCase.description, builder.build(), cached: windowCase.isKeptForEver ? .tables : nil,
                model: windowCase.model
            ) {
                $0.restart()
            } process: {
                $0.process($1).map(\.text)
            }
        }
    }

    @Test(arguments: [WindowKind.tumbling, .hopping, .uneven])
    func `S-62 final results of time windows are told once, through crashes`(kind: WindowKind) throws {
        try forEachSeed(1_000) { random in
            let windowCase = random.windows(kind, isFinal: true)
            let check = CrashCheck(random.inputs(), &random)
            let builder = StreamsBuilder()
            windowCase.windowed(Self.grouped(builder)).emitStrategy(.onWindowClose)
                .aggregate("", as: Self.texts(windowCase), Self.fold).writeSessions()
            // No cache holds back what is told once.
            return try check.difference(
                windowCase.description, builder.build(), cached: .steps, model: windowCase.model
            ) {
                $0.restart()
            } process: { model, input in
                _ = model.process(input)
                return input.key == nil ? [] : model.takeClosed().map(\.text)
            }
        }
    }

    @Test func `S-63 S-64 S-65 results of time windows that wait for their end outlive crashes`() throws {
        try forEachSeed(1_000) { random in
            let windowCase = random.windows(.hopping)
            let check = CrashCheck(random.inputs(), &random)
            let builder = StreamsBuilder()
            windowCase.windowed(Self.grouped(builder))
                .aggregate("", as: Self.texts(windowCase), Self.fold).suppress(.untilWindowCloses()).writeSessions()
            // With a cache the suppression hears of windows at commits, and so does its clock.
            return try check.difference(
                windowCase.description, builder.build(), cached: nil,
                model: (
                    windows: windowCase.model,
                    held: SuppressModel(wait: windowCase.model.grace, dropsDeletions: true)
                )
            ) {
                $0.windows.restart()
                $0.held.restart()
            } process: { model, input in
                model.windows.process(input).flatMap { model.held.process($0, key: $0.key, $0.start) }
            }
        }
    }

    // MARK: Sessions

    private static func sessions(_ gap: Int64, _ grace: Int64) -> SessionWindows {
        SessionWindows(inactivityGap: .milliseconds(gap), grace: .milliseconds(grace))
    }

    @Sendable private static func merge(_ key: String, _ earlier: String, _ later: String) -> String {
        "(\(earlier)\(later))"
    }

    @Test(arguments: SessionTold.allCases)
    func `S-52 S-53 S-54 S-55 S-62 S-65 sessions outlive crashes`(told: SessionTold) throws {
        try forEachSeed(1_000) { random in
            let gap = random.number(1...20)
            let grace = random.once(in: 3) ? 0 : random.number(0...30)
            let isKeptForEver = random.once(in: 2)
            let check = CrashCheck(random.inputs(), &random)
            let builder = StreamsBuilder()
            let table = Self.grouped(builder).windowedBy(Self.sessions(gap, grace))
                .emitStrategy(told == .once ? .onWindowClose : .onWindowUpdate)
                .aggregate(
                    "", as: Materialized("s", value: .string, retention: isKeptForEver ? .seconds(10) : nil),
                    merger: Self.merge
                ) { _, value, all in
                    all + (value ?? "-")
                }
            (told == .whenTheirEndIsOver ? table.suppress(.untilWindowCloses()) : table).writeSessions()
            let cached: CrashCheck.Agreement? =
                switch told {
                case .always: isKeptForEver ? .tables : nil
                case .once: isKeptForEver ? .stepsInAnyOrder : nil
                case .whenTheirEndIsOver: nil
                }
            return try check.difference(
                "gap \(gap) grace \(grace) kept for ever \(isKeptForEver)", builder.build(),
                uncached: told == .once ? .stepsInAnyOrder : .steps, cached: cached,
                model: (
                    sessions: SessionModel(gap: gap, grace: grace, retention: isKeptForEver ? 10_000 : gap + grace),
                    held: SuppressModel(wait: grace + gap, dropsDeletions: true)
                )
            ) {
                $0.sessions.restart()
                $0.held.restart()
            } process: { model, input in
                let updates = model.sessions.process(input)
                switch told {
                case .always: return updates.map(\.text)
                case .once: return input.key == nil ? [] : model.sessions.takeClosed().map(\.text)
                case .whenTheirEndIsOver:
                    return updates.flatMap { model.held.process($0, key: $0.key, $0.end, $0.start) }
                }
            }
        }
    }

    // MARK: Sliding windows

    /// A record is never too late: which windows there are then does not depend on the order in which records come.
    private static func inputs(
        _ random: inout SeededRandom, _ topics: [String] = ["in"], grace: Int64
    ) -> [RuleRun.Input] {
        random.inputs(topics) { $0.number(0...grace) }
    }

    @Test(arguments: [EmitStrategy.onWindowUpdate, .onWindowClose])
    func `S-16 S-56 S-57 S-62 sliding windows outlive crashes`(strategy: EmitStrategy) throws {
        try forEachSeed(1_000) { random in
            let difference = random.number(1...20)
            let grace = random.number(0...40)
            let check = CrashCheck(Self.inputs(&random, grace: grace), &random)
            let builder = StreamsBuilder()
            Self.grouped(builder)
                .windowedBy(SlidingWindows(timeDifference: .milliseconds(difference), grace: .milliseconds(grace)))
                .emitStrategy(strategy)
                .aggregate("", as: Materialized("s", value: .string, retention: .seconds(10))) { _, value, all in
                    all + (value ?? "-")
                }
                .writeSessions()
            // A window that is behind one record and ends with another is told twice, as in Kafka Streams.
            return try check.difference(
                "difference \(difference) grace \(grace)", builder.build(), uncached: .stepsInAnyOrder,
                cached: strategy == .onWindowUpdate ? .tables : .stepsInAnyOrder,
                model: SlidingWindowModel(difference: difference, grace: grace)
            ) {
                $0.restart()
            } process: { model, input in
                let updates = model.process(input)
                if strategy == .onWindowUpdate { return updates.map(\.text) }
                return input.key == nil || input.value == nil ? [] : model.takeClosed().map(\.text)
            }
        }
    }

    // MARK: Cogroups

    /// What the second stream of a cogroup does.
    @Sendable private static func bracket(_ key: String, _ value: String?, _ all: String) -> String? {
        "(\(all)\(value ?? "-"))"
    }

    private static func fold(_ input: RuleRun.Input, _ all: String) -> String {
        input.topic == "in" ? all + (input.value ?? "-") : "(\(all)\(input.value ?? "-"))"
    }

    private static func cogrouped(_ builder: StreamsBuilder) -> CogroupedKStream<String, String> {
        grouped(builder).cogroup { _, value, all in all + (value ?? "-") }
            .cogroup(grouped(builder, "other"), bracket)
    }

    @Test(arguments: [WindowKind.tumbling, .hopping, .uneven])
    func `S-17 G-06 cogroups of time windows are folded together, through crashes`(kind: WindowKind) throws {
        try forEachSeed(1_000) { random in
            let windowCase = random.windows(kind)
            let check = CrashCheck(random.inputs(["in", "other"]), &random)
            let builder = StreamsBuilder()
            windowCase.windowed(Self.cogrouped(builder)).aggregate("", as: Self.texts(windowCase)).writeSessions()
            return try check.difference(
                windowCase.description, builder.build(), cached: windowCase.isKeptForEver ? .tables : nil,
                model: Cogroup(of: windowCase.model)
            ) {
                $0.restart()
            } process: { cogroup, input in
                if input.key == nil { return [] }
                return cogroup.process(input) { model, time in
                    model.restart(at: time)
                    return model.process(input) { Self.fold(input, $0 ?? "") }.map(\.text)
                }
            }
        }
    }

    @Test func `S-17 G-06 cogroups of sessions are folded together, through crashes`() throws {
        try forEachSeed(1_000) { random in
            let gap = random.number(1...20)
            let grace = random.once(in: 3) ? 0 : random.number(0...30)
            let check = CrashCheck(random.inputs(["in", "other"]), &random)
            let builder = StreamsBuilder()
            Self.cogrouped(builder).windowedBy(Self.sessions(gap, grace))
                .aggregate("", as: Materialized("s", value: .string, retention: .seconds(10)), merger: Self.merge)
                .writeSessions()
            return try check.difference(
                "gap \(gap) grace \(grace)", builder.build(), cached: .tables,
                model: Cogroup(of: SessionModel(gap: gap, grace: grace, retention: 10_000))
            ) {
                $0.restart()
            } process: { cogroup, input in
                if input.key == nil { return [] }
                return cogroup.process(input) { model, time in
                    model.restart(at: time)
                    return model.process(input) { Self.fold(input, $0) }.map(\.text)
                }
            }
        }
    }

    @Test func `S-17 G-06 cogroups of sliding windows are folded together, through crashes`() throws {
        try forEachSeed(1_000) { random in
            let difference = random.number(1...20)
            let grace = random.number(0...40)
            let check = CrashCheck(Self.inputs(&random, ["in", "other"], grace: grace), &random)
            let builder = StreamsBuilder()
            Self.grouped(builder).cogroup { _, value, all in all + (value ?? "-") }
                .cogroup(Self.grouped(builder, "other")) { _, value, all in all + (value ?? "-").uppercased() }
                .windowedBy(SlidingWindows(timeDifference: .milliseconds(difference), grace: .milliseconds(grace)))
                .aggregate("", as: Materialized("s", value: .string, retention: .seconds(10)))
                .writeSessions()
            return try check.difference(
                "difference \(difference) grace \(grace)", builder.build(), uncached: .stepsInAnyOrder,
                cached: .tables, model: Cogroup(of: SlidingWindowModel(difference: difference, grace: grace))
            ) {
                $0.restart()
            } process: { cogroup, input in
                if input.key == nil || input.value == nil { return [] }
                return cogroup.process(input) { model, time in
                    model.restart(at: time)
                    var input = input
                    if input.topic == "other" { input.value = input.value?.uppercased() }
                    return model.process(input).map(\.text)
                }
            }
        }
    }
}

/// Two streams over one store of windows: each has a node of its own, which knows how far time has come in its stream.
private struct Cogroup<Model> {
    private var model: Model
    private var times: [String: Int64] = [:]

    init(of model: Model) {
        self.model = model
    }

    mutating func restart() { times = [:] }

    mutating func process(
        _ input: RuleRun.Input, _ body: (inout Model, _ time: Int64) -> [String]
    ) -> [String] {
        let time = times[input.topic] ?? -1
        times[input.topic] = max(time, input.time.rawValue)
        return body(&model, time)
    }
}

/// When sessions are told.
enum SessionTold: CaseIterable, Sendable {
    case always
    case once
    case whenTheirEndIsOver
}

enum WindowKind: CaseIterable, Sendable {
    case tumbling
    case hopping
    case uneven
    case unlimited
}

extension WindowCrashModelTests.WindowCase {
    func windowed<Value>(_ grouped: KGroupedStream<String, Value>) -> TimeWindowedKStream<String, Value> {
        grouped.windowedBy(windows)
    }

    func windowed(_ cogrouped: CogroupedKStream<String, String>) -> TimeWindowedCogroupedKStream<String, String> {
        cogrouped.windowedBy(windows)
    }
}

extension SeededRandom {
    /// Windows of a kind, with a store that forgets as early as it may or keeps everything.
    ///
    /// - Parameter isFinal: whether results are told once, also those that the store does not show any more.
    fileprivate mutating func windows(_ kind: WindowKind, isFinal: Bool = false) -> WindowCrashModelTests.WindowCase {
        let retention: Duration? = isFinal || kind == .unlimited || once(in: 2) ? nil : .seconds(10)
        let grace = once(in: 3) ? 0 : number(0...30)
        func shown(_ size: Int64) -> Int64? { isFinal || retention != nil ? nil : size + grace }
        switch kind {
        case .tumbling, .hopping:
            let size = number(1...30)
            let advance = kind == .tumbling ? size : number(1...size)
            return .init(
                description: "size \(size) advance \(advance) grace \(grace) kept for ever \(retention != nil)",
                windows: TimeWindows(
                    size: .milliseconds(size), advance: .milliseconds(advance), grace: .milliseconds(grace)),
                model: TimeWindowModel(size: size, advance: advance, grace: grace, retention: shown(size)),
                retention: retention)
        case .uneven:
            let lengths = (0..<3).map { _ in number(1...30) }
            let windows = UnevenWindows(lengths: lengths, grace: .milliseconds(grace))
            return .init(
                description: "lengths \(lengths) grace \(grace) kept for ever \(retention != nil)",
                windows: windows,
                model: TimeWindowModel(grace: grace, retention: shown(lengths.max() ?? 0)) {
                    [windows.window(containing: $0)]
                },
                retention: retention)
        case .unlimited:
            let start = number(0...30)
            return .init(
                description: "from \(start)", windows: .unlimited(start: Timestamp(rawValue: start)),
                model: TimeWindowModel(grace: 0) { $0 < start ? [] : [(start, .max)] }, retention: retention)
        }
    }
}
