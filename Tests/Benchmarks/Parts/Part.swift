import ArgumentParser
import SwiftwaterKafka

/// What can be measured, in the order of measuring.
enum Part: String, ExpressibleByArgument {
    case preload, produce, consume, group, loop, stateless
    case countCached = "count-cached"
    case countUncached = "count-uncached"
    case countOften = "count-100ms"
    case countExactlyOnce = "count-exactly-once"

    var summary: String {
        switch self {
        case .preload: "librdkafka fills the input topic"
        case .produce: "librdkafka alone, until all is acknowledged"
        case .consume: "librdkafka alone, one consumer"
        case .group: "librdkafka alone, a group of two"
        case .loop: "librdkafka alone, consume and produce: the ceiling"
        case .stateless: "Swiftwater, filter and mapValues"
        case .countCached: "Swiftwater, count per key, downstream sees the last of a commit"
        case .countUncached: "Swiftwater, count per key, downstream sees all"
        case .countOften: "Swiftwater, count per key, cached, a commit every 100 ms"
        case .countExactlyOnce: "the same under exactly-once, a transaction every 100 ms"
        }
    }

    /// The topic it writes to.
    var output: String? {
        switch self {
        case .preload, .consume, .group: nil
        case .produce, .loop, .stateless, .countCached, .countUncached, .countOften, .countExactlyOnce: rawValue
        }
    }

    func measure(_ context: PartContext) async throws -> Measurement {
        switch self {
        case .preload: try RawProduce(context, topic: context.input).measure()
        case .produce: try RawProduce(context, topic: context.output).measure()
        case .consume: try RawConsume(context).measure()
        case .group: try await RawGroup(context).measure()
        case .loop: try RawLoop(context).measure()
        case .stateless:
            try await StreamsPart(
                context, BenchTopology.stateless(from: context.input, to: context.output), counts: false
            ).measure()
        case .countCached: try await count(context)
        case .countUncached: try await count(context, cached: false)
        case .countOften: try await count(context) { $0.commitInterval = .milliseconds(100) }
        case .countExactlyOnce:
            try await count(context) {
                $0.processingGuarantee = .exactlyOnce
                $0.commitInterval = .milliseconds(100)
            }
        }
    }

    private func count(
        _ context: PartContext, cached: Bool = true, _ change: (inout StreamsConfiguration) -> Void = { _ in }
    ) async throws -> Measurement {
        var part = StreamsPart(
            context, try BenchTopology.count(from: context.input, to: context.output, cached: cached), counts: true)
        change(&part.configuration)
        return try await part.measure()
    }
}

extension Part: CaseIterable {
    /// The preload is always done and never shown.
    static let allCases: [Part] = [
        .produce, .consume, .group, .loop, .stateless, .countCached, .countUncached, .countOften, .countExactlyOnce,
    ]
}
