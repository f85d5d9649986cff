import Swiftwater
import Testing

@Suite struct StreamsErrorTests {
    @Test func `E-07 an error tells its kind, what to do, where it happened and why, in one line`() {
        let error = StreamsError(
            .processing,
            "the function of the operator threw",
            at: .init(task: "0_3", node: "totals", store: "sums", topic: "orders", partition: 3, offset: 17),
            cause: SerdeError("no number")
        )
        let text = error.description
        #expect(text.hasPrefix("processing: the function of the operator threw ["))
        for part in ["task 0_3", "node totals", "store sums", "topic orders-3 at offset 17", "no number"] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(!text.contains("\n"))
        #expect(StreamsError(.timeout, "too long").description == "timeout: too long")
    }

    @Test func `E-07 kinds of errors are distinct, and more may be added`() {
        let codes: [StreamsError.Code] = [
            .invalidTopology, .invalidConfiguration, .missingTopic, .unequalPartitions, .deserialization,
            .serialization,
            .invalidTimestamp, .processing, .production, .stateStore, .invalidStateStore, .stateDirectory, .disk,
            .brokerUnreachable, .taskMigrated, .differentPlans, .offsets, .timeout, .invalidState, .internal,
        ]
        #expect(Set(codes).count == codes.count)
        #expect(StreamsError.Code(rawValue: "quota") != .disk)
    }
}
