import Testing

@testable import SwiftwaterBroker

/// What IncrementalAlterConfigs makes of a topic's configurations; librdkafka 2.0.2 cannot send it.
struct IncrementalConfigTests {
    private typealias Change = IncrementalAlterConfigsRequest.Change

    private func code(_ changes: [Change]) -> ErrorCode? {
        do throws(TopicError) {
            try TopicConfig.validate(ConfigRoutes.change(["cleanup.policy": "delete"], by: changes))
            return nil
        } catch {
            return error.code
        }
    }

    @Test func `it sets, resets, appends and subtracts`() throws {
        let start = ["retention.ms": "5", "cleanup.policy": "delete"]
        let changed = try ConfigRoutes.change(
            start,
            by: [
                Change(name: "retention.ms", operation: 1, value: nil),
                Change(name: "segment.ms", operation: 0, value: "9"),
                Change(name: "cleanup.policy", operation: 2, value: "compact, delete"),
            ])
        #expect(changed == ["segment.ms": "9", "cleanup.policy": "compact,delete"])
        let subtracted = try ConfigRoutes.change(
            changed, by: [Change(name: "cleanup.policy", operation: 3, value: "delete")])
        #expect(subtracted["cleanup.policy"] == "compact")
        let appended = try ConfigRoutes.change(
            [:], by: [Change(name: "cleanup.policy", operation: 2, value: "compact")])
        #expect(appended == ["cleanup.policy": "delete,compact"])
    }

    @Test func `what Kafka refuses is refused with its code`() {
        #expect(code([Change(name: "nothing", operation: 0, value: "1")]) == .invalidConfig)
        #expect(code([Change(name: "retention.ms", operation: 0, value: "x")]) == .invalidConfig)
        #expect(code([Change(name: "retention.ms", operation: 2, value: "1")]) == .invalidConfig)
        #expect(code([Change(name: "cleanup.policy", operation: 2, value: "burn")]) == .invalidConfig)
        #expect(code([Change(name: "cleanup.policy", operation: 3, value: "delete")]) == .invalidConfig)
        #expect(code([Change(name: "retention.ms", operation: 0, value: nil)]) == .invalidRequest)
        #expect(code([Change(name: "retention.ms", operation: 7, value: "1")]) == .invalidRequest)
        let twice = Change(name: "retention.ms", operation: 0, value: "1")
        #expect(code([twice, twice]) == .invalidRequest)
    }
}
