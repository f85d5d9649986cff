/// Where ours differs from the recording on purpose: by case, the reason (Parity.md has the same list).
enum GoldenDifferences {
    static let reasons: [String: String] = [:]
}
