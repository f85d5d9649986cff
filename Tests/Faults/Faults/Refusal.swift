/// An error code that a request of an API may meet on a healthy cluster, and that an application must survive.
struct Refusal {
    var api: String
    /// The verb of the fault, and the code.
    var effect: String

    /// Every API that the application uses, most of them with several codes.
    static let all: [Refusal] =
        [
            ("Produce", [6, 7, 19, 47]), ("Fetch", [6, 74]), ("ListOffsets", [6]), ("Metadata", [5]),
            ("OffsetCommit", [14, 16, 22, 25, 27]), ("OffsetFetch", [14, 16, 88]), ("FindCoordinator", [15]),
            ("JoinGroup", [14, 16, 25]), ("SyncGroup", [16, 22, 27]), ("Heartbeat", [16, 22, 25, 27]),
            ("DescribeGroups", [14, 16]), ("InitProducerId", [14, 16, 51]), ("AddPartitionsToTxn", [14, 16, 51]),
            ("AddOffsetsToTxn", [14, 16, 51]), ("TxnOffsetCommit", [14, 16, 22, 25]), ("EndTxn", [14, 16, 51]),
        ].flatMap { api, codes in codes.map { Refusal(api: api, effect: "refuse \($0)") } }
        // Done, and told to be a duplicate: a success without an offset.
        + [Refusal(api: "Produce", effect: "misreport 46")]

    /// APIs whose answers are lost after they were done, so that they must be asked again.
    static let lost = ["Produce", "OffsetCommit", "AddPartitionsToTxn", "AddOffsetsToTxn", "TxnOffsetCommit", "EndTxn"]
}
