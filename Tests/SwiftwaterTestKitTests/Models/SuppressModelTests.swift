import Swiftwater
import SwiftwaterTestKit
import Testing

/// Suppressions against a list that is sorted anew for each update.
@Suite struct SuppressModelTests {
    @Test func `S-63 S-64 S-65 final results of time windows are what a naive model holds back`() throws {
        try forEachSeed(1_000) { random in
            let size = random.number(1...30)
            let advance = random.once(in: 2) ? size : random.number(1...size)
            let grace = random.once(in: 3) ? 0 : random.number(0...30)
            let isCached = random.once(in: 2)
            let inputs = random.inputs()
            let builder = StreamsBuilder()
            builder.texts("in").groupByKey(key: .string)
                .windowedBy(
                    TimeWindows(
                        size: .milliseconds(size), advance: .milliseconds(advance), grace: .milliseconds(grace))
                )
                .aggregate("", as: Materialized("s", value: .string)) { _, value, all in
                    value == "x" ? nil : all + (value ?? "-")
                }
                .suppress(.untilWindowCloses())
                .writeSessions()
            var windows = TimeWindowModel(size: size, advance: advance, grace: grace, isCached: isCached)
            var model = SuppressModel(wait: grace, dropsDeletions: true)
            let run = try StepRun(builder, isCachingEnabled: isCached, inputs)
            let steps = inputs.map { input in
                windows.process(input).flatMap { model.process($0, key: $0.key, $0.start) }
            }
            return ModelDifference(
                "size \(size) advance \(advance) grace \(grace) cached \(isCached)", inputs: inputs, run, model: steps,
                late: windows.late)
        }
    }

    @Test func `S-63 S-64 S-65 final results of sessions are what a naive model holds back`() throws {
        try forEachSeed(1_000) { random in
            let gap = random.number(1...20)
            let grace = random.once(in: 3) ? 0 : random.number(0...30)
            let isCached = random.once(in: 2)
            let inputs = random.inputs()
            let builder = StreamsBuilder()
            builder.texts("in").groupByKey(key: .string)
                .windowedBy(SessionWindows(inactivityGap: .milliseconds(gap), grace: .milliseconds(grace)))
                .aggregate("", as: Materialized("s", value: .string, retention: .seconds(10))) { _, earlier, later in
                    "(\(earlier)\(later))"
                } _: { _, value, all in
                    all + (value ?? "-")
                }
                .suppress(.untilWindowCloses())
                .writeSessions()
            var sessions = SessionModel(gap: gap, grace: grace, retention: 10_000, isCached: isCached)
            var model = SuppressModel(wait: grace + gap, dropsDeletions: true)
            let run = try StepRun(builder, isCachingEnabled: isCached, inputs)
            let steps = inputs.map { input in
                sessions.process(input).flatMap { model.process($0, key: $0.key, $0.end, $0.start) }
            }
            return ModelDifference(
                "gap \(gap) grace \(grace) cached \(isCached)", inputs: inputs, run, model: steps, late: sessions.late)
        }
    }

    @Test func `S-65 S-66 S-67 a time limit and a small buffer tell what a naive model does`() throws {
        try forEachSeed(1_000) { random in
            let limit = random.number(0...40)
            let maxRecords = random.once(in: 2) ? nil : Int(random.number(0...2))
            let inputs = random.inputs()
            let builder = StreamsBuilder()
            builder.table("in", key: .string, value: .string, as: Materialized("t", cached: false))
                .suppress(.untilTimeLimit(.milliseconds(limit), SuppressionBuffer(maxRecords: maxRecords)))
                .toStream()
                .to("out", key: .string, value: .string)
            var model = SuppressModel(wait: limit, maxRecords: maxRecords, dropsDeletions: false)
            let run = try StepRun(builder, inputs)
            let steps = inputs.map { input -> [String] in
                guard let key = input.key else { return [] }
                let time = input.time.rawValue
                return model.process(
                    key: Array(key.utf8), place: time, time: time, text: "\(key)=\(input.value ?? "null")@\(time)",
                    isDeletion: input.value == nil)
            }
            return ModelDifference(
                "limit \(limit) records \(maxRecords ?? .max)", inputs: inputs, run, model: steps, late: 0)
        }
    }
}
