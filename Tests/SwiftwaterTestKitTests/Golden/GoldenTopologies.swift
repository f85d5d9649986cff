/// The topologies that we have. Add a family as an extension in a file of its own, and its list here.
enum GoldenTopologies {
    static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    private static let all: [GoldenTopology] =
        stateless + splits + globalTables + repartition + groupedAggregations + tables + timeAndErrors + windowed
        + finals + suppressed + cogrouped + streamJoins + processors
        + groupedTables + tableJoins + streamTableJoins + foreignKeyJoins
}
