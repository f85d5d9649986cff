/// Where ours differs from the recording on purpose: by case, the reason (Parity.md has the same list).
enum GoldenDifferences {
    static let reasons: [String: String] = [
        "emitfinal-session-5s-grace2/hand-1": lostFinalResults,
        "emitfinal-session-5s-grace2/random-1": lostFinalResults,
        "emitfinal-sliding-5s-grace3/hand-1": lostFinalResults,
        "emitfinal-sliding-5s-grace3/hand-2": lostFinalResults,
        "emitfinal-sliding-5s-grace3/random-2": lostFinalResults,
        "papi-versioned-lookup/hand-1": missingValidTo,
        "papi-versioned-lookup/random-1": missingValidTo,
        "papi-versioned-lookup/random-2": missingValidTo,
        "kk-join-outer-10s-grace5/hand-2": heldBack,
        "kk-join-outer-inmemory-repartition-left/random-2": heldBack,
        "kt-join-versioned-grace5/hand-2": nullPointer,
    ]

    private static let nullPointer =
        "Kafka Streams fails on a record without a key in a left stream-table join with a grace period; ours tells it with nil"

    private static let heldBack =
        "Kafka Streams holds unmatched results of an outer join back after their windows have closed; ours are told then"

    private static let missingValidTo =
        "Kafka Streams does not tell until when a version held that is looked up by time; ours does"

    private static let lostFinalResults =
        "Kafka Streams loses final results of windows when stream time jumps beyond the store's retention; ours are told"
}
