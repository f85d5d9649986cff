/// The names that one run uses; a run on a cluster that others use meets none of theirs.
struct ReferenceTopics: Sendable {
    let prefix: String

    static let partitions = 4

    var application: String { "\(prefix)-app" }

    // Fed by the director.
    var events: String { "\(prefix)-events" }
    var answers: String { "\(prefix)-answers" }
    // Written by the application.
    var results: String { "\(prefix)-results" }
    var pairs: String { "\(prefix)-pairs" }
    var counts: String { "\(prefix)-counts" }
    var sums: String { "\(prefix)-sums" }
    var windows: String { "\(prefix)-windows" }
    // Made by the application.
    var byGroup: String { "\(application)-by-group-repartition" }
    var byLongKey: String { "\(application)-by-long-key-repartition" }

    /// All that the director makes.
    var own: [String] { [events, answers, results, pairs, counts, sums, windows] }
    /// All that the application reads.
    var inputs: [String] { [events, answers, byGroup, byLongKey] }
}
