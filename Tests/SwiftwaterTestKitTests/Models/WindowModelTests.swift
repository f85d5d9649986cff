import Swiftwater
import SwiftwaterTestKit
import Testing

/// Windowed aggregations against models that look at everything for each record.
@Suite struct WindowModelTests {
    @Test func `S-48 S-49 S-51 time windows do what a naive model does`() throws {
        try forEachSeed(1_200) { random in
            let size = random.number(1...30)
            let advance = random.once(in: 2) ? size : random.number(1...size)
            let grace = random.once(in: 3) ? 0 : random.number(0...30)
            let isCached = random.once(in: 2)
            let inputs = random.inputs()
            var model = TimeWindowModel(size: size, advance: advance, grace: grace, isCached: isCached)
            let run = try StepRun(
                timeWindows(size, advance, grace), isCachingEnabled: isCached, inputs)
            let steps = inputs.map { model.process($0).map(\.text) }
            return ModelDifference(
                "size \(size) advance \(advance) grace \(grace) cached \(isCached)", inputs: inputs, run, model: steps,
                late: model.late)
        }
    }

    @Test func `S-62 time windows are told once, when they have closed, as a naive model has them then`() throws {
        try forEachSeed(1_000) { random in
            let size = random.number(1...30)
            let advance = random.once(in: 2) ? size : random.number(1...size)
            let grace = random.once(in: 3) ? 0 : random.number(0...30)
            let inputs = random.inputs()
            var model = TimeWindowModel(size: size, advance: advance, grace: grace, isCached: false)
            let run = try StepRun(timeWindows(size, advance, grace, .onWindowClose), inputs)
            let steps = inputs.map { input in
                _ = model.process(input)
                return input.key == nil ? [] : model.takeClosed().map(\.text)
            }
            return ModelDifference(
                "size \(size) advance \(advance) grace \(grace)", inputs: inputs, run, model: steps, late: model.late)
        }
    }

    private func timeWindows(
        _ size: Int64,
        _ advance: Int64,
        _ grace: Int64,
        _ strategy: EmitStrategy = .onWindowUpdate
    ) -> StreamsBuilder {
        let builder = StreamsBuilder()
        builder.texts("in").groupByKey(key: .string)
            .windowedBy(
                TimeWindows(
                    size: .milliseconds(size), advance: .milliseconds(advance), grace: .milliseconds(grace))
            )
            .emitStrategy(strategy)
            .aggregate("", as: Materialized("s", value: .string)) { _, value, all in
                value == "x" ? nil : all + (value ?? "-")
            }
            .writeSessions()
        return builder
    }

    @Test func `S-52 S-53 S-54 S-55 sessions do what a naive model does`() throws {
        try forEachSeed(1_200) { random in
            let gap = random.number(1...20)
            let grace = random.once(in: 3) ? 0 : random.number(0...30)
            let isCached = random.once(in: 2)
            let retention = random.once(in: 2) ? gap + grace : 10_000
            let inputs = random.inputs()
            var model = SessionModel(gap: gap, grace: grace, retention: retention, isCached: isCached)
            let run = try StepRun(
                sessions(gap, grace, retention: .milliseconds(retention)), isCachingEnabled: isCached, inputs)
            let steps = inputs.map { model.process($0).map(\.text) }
            return ModelDifference(
                "gap \(gap) grace \(grace) retention \(retention) cached \(isCached)", inputs: inputs, run,
                model: steps, late: model.late)
        }
    }

    @Test func `S-62 sessions are told once, when they have closed, as a naive model has them then`() throws {
        try forEachSeed(1_000) { random in
            let gap = random.number(1...20)
            let grace = random.once(in: 3) ? 0 : random.number(0...30)
            let inputs = random.inputs()
            var model = SessionModel(gap: gap, grace: grace, retention: gap + grace, isCached: false)
            let run = try StepRun(sessions(gap, grace, .onWindowClose), inputs)
            let steps = inputs.map { input in
                _ = model.process(input)
                return input.key == nil ? [] : model.takeClosed().map(\.text)
            }
            return ModelDifference(
                "gap \(gap) grace \(grace)", inputs: inputs, run, model: steps, late: model.late, isOrdered: false)
        }
    }

    private func sessions(
        _ gap: Int64,
        _ grace: Int64,
        _ strategy: EmitStrategy = .onWindowUpdate,
        retention: Duration? = nil
    ) -> StreamsBuilder {
        let builder = StreamsBuilder()
        builder.texts("in").groupByKey(key: .string)
            .windowedBy(SessionWindows(inactivityGap: .milliseconds(gap), grace: .milliseconds(grace)))
            .emitStrategy(strategy)
            .aggregate("", as: Materialized("s", value: .string, retention: retention)) { _, earlier, later in
                "(\(earlier)\(later))"
            } _: { _, value, all in
                all + (value ?? "-")
            }
            .writeSessions()
        return builder
    }

    @Test func `S-16 S-56 S-57 S-58 sliding windows do what a naive model does`() throws {
        try forEachSeed(1_200) { random in
            let difference = random.number(1...20)
            let grace = random.once(in: 3) ? 0 : random.number(0...30)
            var streamTime: Int64 = 0
            let inputs = random.inputs().map { input in
                // Within the grace, or too late for every window.
                var input = input
                guard input.key != nil, input.value != nil else { return input }
                let time = input.time.rawValue
                streamTime = max(streamTime, time)
                if time < streamTime - grace, time >= streamTime - grace - difference {
                    input.time = Timestamp(rawValue: streamTime - grace)
                }
                return input
            }
            var model = SlidingWindowModel(difference: difference, grace: grace)
            let builder = StreamsBuilder()
            builder.texts("in").groupByKey(key: .string)
                .windowedBy(
                    SlidingWindows(timeDifference: .milliseconds(difference), grace: .milliseconds(grace))
                )
                .aggregate("", as: Materialized("s", value: .string)) { _, value, all in all + (value ?? "-") }
                .writeSessions()
            // Without a cache a window that is behind one record and ends with another is told twice, as in Kafka Streams.
            let run = try StepRun(builder, isCachingEnabled: true, inputs)
            let steps = inputs.map { model.process($0).map(\.text) }
            return ModelDifference(
                "difference \(difference) grace \(grace)", inputs: inputs, run, model: steps,
                late: model.late, isOrdered: false)
        }
    }
}
