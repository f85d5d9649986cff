import Foundation
import Swiftwater
import Testing

/// Compares the engine with a model over many random cases, and stops at the first that differs.
///
/// What it prints replays that case: `MODEL_SEED=… swift test --filter …`.
func forEachSeed(_ count: Int, _ body: (inout SeededRandom) throws -> ModelDifference?) throws {
    let given = ProcessInfo.processInfo.environment["MODEL_SEED"].flatMap(UInt64.init)
    let first = given ?? UInt64.random(in: 0 ... .max / 2)
    for number in 0..<(given == nil ? count : 1) {
        let seed = first + UInt64(number)
        var random = SeededRandom(seed: seed)
        if let difference = try body(&random) {
            Issue.record("MODEL_SEED=\(seed): \(difference)")
            return
        }
    }
}

/// Where the engine does not do what a model does.
struct ModelDifference: CustomStringConvertible {
    var description: String

    init(description: String) {
        self.description = description
    }

    /// Compares what each input made the engine and the model tell, and what they left out; nil if it is the same.
    init?(
        _ settings: String,
        inputs: [RuleRun.Input],
        _ run: StepRun,
        model steps: [[String]],
        late: Int,
        isOrdered: Bool = true
    ) {
        func shown(_ step: [String]) -> [String] { isOrdered ? step : step.sorted() }
        if let index = inputs.indices.first(where: { shown(run.steps[$0]) != shown(steps[$0]) }) {
            description =
                "\(settings): input \(index) of \(inputs.prefix(index + 1).map(Self.text)): ours \(shown(run.steps[index])), model \(shown(steps[index]))"
        } else if run.dropped[.late] ?? 0 != late {
            description =
                "\(settings): \(inputs.map(Self.text)): ours left out \(run.dropped[.late] ?? 0) as late, the model \(late)"
        } else {
            return nil
        }
    }

    private static func text(_ input: RuleRun.Input) -> String {
        "\(input.topic) \(input.key ?? "nil")=\(input.value ?? "nil")@\(input.time)"
    }
}

extension SeededRandom {
    /// A few records whose times go forward, some of them late; few keys, and nils among keys and values.
    ///
    /// - Parameters:
    ///   - topics: where they go.
    ///   - lateness: how late a late record is.
    mutating func inputs(
        _ topics: [String] = ["in"],
        lateness: (inout SeededRandom) -> Int64 = { $0.number(0...40) }
    ) -> [RuleRun.Input] {
        var now = number(0...12)
        return (0..<Int(number(4...20))).map { index in
            now += once(in: 12) ? number(30...120) : number(0...9)
            let time = once(in: 3) ? max(0, now - lateness(&self)) : now
            let key = once(in: 25) ? nil : ["a", "b", "ab"].randomElement(using: &self)
            let letter = String(UnicodeScalar(UInt8(97 + index)))
            let value = once(in: 12) ? nil : once(in: 12) ? "x" : letter
            return (topics.randomElement(using: &self) ?? "in", key, value, Timestamp(rawValue: time))
        }
    }
}
