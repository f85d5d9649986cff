import Swiftwater

/// One random case of a topology against a model, through commits and crashes, without caches and with them.
struct CrashCheck {
    /// What must be the same as the model's.
    enum Agreement {
        /// What each record tells, in its order.
        case steps
        /// What each record tells, in any order, and twice is once.
        case stepsInAnyOrder
        /// What was told last of each key by each commit, and of which time.
        case tables
        /// What was told last of each key by each commit; times depend on when caches tell.
        case values
    }

    let inputs: [RuleRun.Input]
    let plan: [CrashRun.Event]

    /// - Parameter isTorn: whether some crashes fall into a commit.
    init(_ inputs: [RuleRun.Input], _ random: inout SeededRandom, isTorn: Bool = false) {
        self.inputs = inputs
        plan = CrashRun.plan(inputs.count, &random, isTorn: isTorn)
    }

    /// Where the topology and the model differ; nil if they do not.
    ///
    /// - Parameters:
    ///   - settings: shown with a difference.
    ///   - uncached: what must agree where each record tells its own results.
    ///   - cached: what must agree where caches tell at commits; nil where that is another question.
    ///   - restart: forgets what a new task does not know.
    ///   - process: what the model tells of a record.
    func difference<Model>(
        _ settings: String,
        _ topology: Topology,
        uncached: Agreement = .steps,
        cached: Agreement?,
        model: Model,
        restart: (inout Model) -> Void = { _ in },
        process: (inout Model, RuleRun.Input) -> [String]
    ) throws -> ModelDifference? {
        let expected = told(by: model, restart: restart, process: process)
        let run = try CrashRun(topology, inputs, plan, isCachingEnabled: false)
        if let found = Self.difference(run.told, expected, uncached) {
            return ModelDifference(description: "\(settings): \(plan) of \(inputs): \(found)")
        }
        guard let cached else { return nil }
        let cachedRun = try CrashRun(topology, inputs, plan, isCachingEnabled: true)
        return Self.difference(cachedRun.told, expected, cached).map {
            ModelDifference(description: "\(settings), cached: \(plan) of \(inputs): \($0)")
        }
    }

    /// Where two topologies that should tell the same differ.
    func difference(_ settings: String, _ one: Topology, _ other: Topology) throws -> ModelDifference? {
        for isCachingEnabled in [false, true] {
            let runs = try [one, other].map {
                try CrashRun($0, inputs, plan, isCachingEnabled: isCachingEnabled).told
            }
            if let found = Self.difference(runs[0], runs[1], .steps) {
                return ModelDifference(description: "\(settings): \(plan) of \(inputs): \(found)")
            }
        }
        return nil
    }

    /// What a model tells by the same plan.
    private func told<Model>(
        by model: Model,
        restart: (inout Model) -> Void,
        process: (inout Model, RuleRun.Input) -> [String]
    ) -> CrashTold {
        var told = CrashTold(records: inputs.count)
        var model = model
        var committed = model
        for event in plan {
            switch event {
            case .record(let index): told.record(index, process(&model, inputs[index]))
            case .commit:
                committed = model
                told.commit()
            case .tornCommit: break
            case .crash:
                model = committed
                restart(&model)
                told.crash()
            }
        }
        return told
    }

    private static func difference(_ ours: CrashTold, _ model: CrashTold, _ agreement: Agreement) -> String? {
        switch agreement {
        case .steps: difference(ours.steps, model.steps, "input")
        case .stepsInAnyOrder: difference(ours.steps.map(Set.init), model.steps.map(Set.init), "input")
        case .tables: difference(ours.tables, model.tables, "commit")
        case .values:
            difference(
                ours.tables.map { $0.mapValues(\.value) }, model.tables.map { $0.mapValues(\.value) }, "commit")
        }
    }

    private static func difference<Told: Equatable>(_ ours: [Told], _ model: [Told], _ what: String) -> String? {
        guard let index = ours.indices.first(where: { ours[$0] != model[$0] }) else { return nil }
        return "\(what) \(index): ours \(ours[index]), model \(model[index])"
    }
}
