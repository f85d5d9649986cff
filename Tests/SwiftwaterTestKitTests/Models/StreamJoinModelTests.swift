import Swiftwater
import SwiftwaterTestKit
import Testing

/// Stream-stream joins against a model that compares each record with all before it.
@Suite struct StreamJoinModelTests {
    @Test(arguments: [(false, false), (true, false), (true, true)])
    func `S-18 S-19 S-69 S-70 S-71 S-72 S-73 S-74 S-75 joins do what a naive model does`(
        isLeftOuter: Bool,
        isRightOuter: Bool
    ) throws {
        try forEachSeed(1_000) { random in
            let before = random.number(1...20)
            let waits = !random.once(in: 5)
            // Where a record waits and the bounds differ, the side that comes next decides when it is told, as in Kafka Streams.
            let isSymmetric = isLeftOuter && waits || random.once(in: 2)
            let settings = StreamJoinModel.Settings(
                isLeftOuter: isLeftOuter,
                isRightOuter: isRightOuter,
                before: before,
                after: isSymmetric ? before : random.number(0...20),
                grace: random.once(in: 3) ? 0 : random.number(1...30),
                waits: waits
            )
            let inputs = random.inputs(["left", "right"])
            var model = StreamJoinModel(settings)
            let run = try StepRun(Self.joined(settings), inputs)
            let steps = inputs.map { model.process($0) }
            return ModelDifference("\(settings)", inputs: inputs, run, model: steps, late: 0)
        }
    }

    static func joined(_ settings: StreamJoinModel.Settings) -> StreamsBuilder {
        let builder = StreamsBuilder()
        let left = builder.texts("left")
        let right = builder.texts("right")
        let windows = JoinWindows(
            before: .milliseconds(settings.before),
            after: .milliseconds(settings.after),
            grace: .milliseconds(settings.grace),
            emitsUnmatchedAtOnce: !settings.waits
        )
        if settings.isRightOuter {
            left.outerJoin(right, windows) { "\($0 ?? "-")+\($1 ?? "-")" }.to("out", key: .string, value: .string)
        } else if settings.isLeftOuter {
            left.leftJoin(right, windows) { "\($0)+\($1 ?? "-")" }.to("out", key: .string, value: .string)
        } else {
            left.join(right, windows) { "\($0)+\($1)" }.to("out", key: .string, value: .string)
        }
        return builder
    }
}
