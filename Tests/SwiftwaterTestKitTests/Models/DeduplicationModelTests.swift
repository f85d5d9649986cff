import Swiftwater
import Testing

/// Deduplication, also with commits and crashes at random places, against a model that knows all records it has handed on.
@Suite struct DeduplicationModelTests {
    /// What tells records apart.
    enum Identity: CaseIterable, CustomTestStringConvertible {
        case key
        case keyAndFirstBit

        var testDescription: String { "\(self)" }

        /// The IDs are few: whether the value's letter is even; a record without a value has none.
        @Sendable static func id(_ value: String?) -> Int64? {
            value?.utf8.first.map { Int64($0 % 2) }
        }

        func deduplicated(
            _ stream: KStream<String?, String?>, _ interval: Int64, _ storeType: StoreType
        ) -> KStream<String?, String?> {
            switch self {
            case .key:
                stream.deduplicateByKey(
                    within: .milliseconds(interval), deduplicated: Deduplicated(named: "once", storeType: storeType))
            case .keyAndFirstBit:
                stream.deduplicateByKeyValue(
                    within: .milliseconds(interval), deduplicated: Deduplicated(named: "once", storeType: storeType)
                ) { _, value in Self.id(value) }
            }
        }

        func of(_ input: RuleRun.Input) -> String? {
            switch self {
            case .key: input.key
            case .keyAndFirstBit: input.key.flatMap { key in Self.id(input.value).map { "\(key) \($0)" } }
            }
        }
    }

    @Test(arguments: Identity.allCases)
    func `K-18 a deduplication does what a naive model does`(identity: Identity) throws {
        try forEachSeed(1_000) { random in
            let interval = random.interval()
            let inputs = random.inputs()
            let builder = StreamsBuilder()
            identity.deduplicated(builder.texts("in"), interval, random.storeType())
                .to("out", key: .optional(.string), value: .optional(.string))
            let run = try StepRun(builder, inputs)
            var model = DeduplicationModel(interval: interval)
            let steps = inputs.map { model.process($0, identity.of($0)) }
            let left = steps.count { $0.isEmpty }
            guard run.dropped == (left == 0 ? [:] : [.duplicate: left]) else {
                return ModelDifference("interval \(interval): \(inputs): left out \(run.dropped), not \(left)")
            }
            return ModelDifference("interval \(interval)", inputs: inputs, run, model: steps, late: 0)
        }
    }

    @Test(arguments: Identity.allCases, [false, true])
    func `K-18 what a deduplication has seen outlives crashes, also those that tear a commit`(
        identity: Identity, isTorn: Bool
    ) throws {
        try forEachSeed(1_000) { random in
            let interval = random.interval()
            let inputs = random.inputs()
            let check = CrashCheck(inputs, &random, isTorn: isTorn)
            let builder = StreamsBuilder()
            identity.deduplicated(builder.texts("in"), interval, random.storeType())
                .to("out", key: .optional(.string), value: .optional(.string))
            return try check.difference(
                "interval \(interval)", try builder.build(), cached: .steps,
                model: DeduplicationModel(interval: interval)
            ) { $0.process($1, identity.of($1)) }
        }
    }
}

extension ModelDifference {
    fileprivate init(_ description: String) {
        self.description = description
    }
}

extension SeededRandom {
    fileprivate mutating func interval() -> Int64 { once(in: 8) ? 0 : number(1...60) }

    fileprivate mutating func storeType() -> StoreType { once(in: 2) ? .persistent : .inMemory }
}
