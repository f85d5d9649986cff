import ArgumentParser

/// What can be measured, in the order of measuring.
enum Part: String, ExpressibleByArgument {
    case preload, produce, consume, group, loop

    var summary: String {
        switch self {
        case .preload: "librdkafka fills the input topic"
        case .produce: "librdkafka alone, until all is acknowledged"
        case .consume: "librdkafka alone, one consumer"
        case .group: "librdkafka alone, a group of two"
        case .loop: "librdkafka alone, consume and produce: the ceiling"
        }
    }

    /// The topic it writes to.
    var output: String? {
        switch self {
        case .preload, .consume, .group: nil
        case .produce, .loop: rawValue
        }
    }

    func measure(_ context: PartContext) async throws -> Measurement {
        switch self {
        case .preload: try RawProduce(context, topic: context.input).measure()
        case .produce: try RawProduce(context, topic: context.output).measure()
        case .consume: try RawConsume(context).measure()
        case .group: try await RawGroup(context).measure()
        case .loop: try RawLoop(context).measure()
        }
    }
}

extension Part: CaseIterable {
    /// The preload is always done and never shown.
    static let allCases: [Part] = [.produce, .consume, .group, .loop]
}
