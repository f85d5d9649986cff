import Swiftwater
import SwiftwaterTestKit

/// Runs a topology over a few records and shows what each of them made it write to `out`, as `key=value@time`.
struct StepRun {
    var steps: [[String]] = []
    var dropped: [DropReason: Int] = [:]

    init(_ builder: StreamsBuilder, isCachingEnabled: Bool = true, _ inputs: [RuleRun.Input]) throws {
        let driver = try TopologyTestDriver(try builder.build(), isCachingEnabled: isCachingEnabled)
        let output = try driver.outputTopic("out", key: .optional(.string), value: .optional(.bytes))
        let serde = Serde<String?>.optional(.string)
        for input in inputs {
            try driver.inputTopic(input.topic, key: serde, value: serde)
                .pipe(Record(key: input.key, value: input.value, timestamp: input.time))
            steps.append(
                try output.readRecords().map { "\($0.key ?? "null")=\(RuleRun.text($0.value))@\($0.timestamp)" })
        }
        dropped = driver.droppedRecords
        try driver.close()
    }
}
