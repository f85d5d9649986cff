/// Where ours differs from the recording on purpose: by case, the reason (Parity.md has the same list).
enum GoldenDifferences {
    static let reasons: [String: String] = [
        "emitfinal-session-5s-grace2/hand-1": lostFinalResults,
        "emitfinal-session-5s-grace2/random-1": lostFinalResults,
        "emitfinal-sliding-5s-grace3/hand-1": lostFinalResults,
        "emitfinal-sliding-5s-grace3/hand-2": lostFinalResults,
        "emitfinal-sliding-5s-grace3/random-2": lostFinalResults,
    ]

    private static let lostFinalResults =
        "Kafka Streams loses final results of windows when stream time jumps beyond the store's retention; ours are told"
}
