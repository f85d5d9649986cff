import Swiftwater
import Testing

@testable import SwiftwaterKafka

struct TopologyPlanTests {
    /// lines → repartition by word → counts → words.
    private func wordCount(partitions: Int32 = 4) throws -> TopologyPlan {
        try TopologyPlan(Self.wordCount(), applicationID: "app", partitionCounts: ["lines": partitions])
    }

    static func wordCount() throws -> Topology {
        let builder = StreamsBuilder()
        builder.stream("lines", key: .string, value: .string)
            .groupBy(key: .string) { _, word in word }
            .count(as: "counts")
            .toStream()
            .to("words", key: .string, value: .int64)
        return try builder.build()
    }

    @Test func `R-02 a repartition topic has the partitions of what is read before it, and leads the second part`()
        throws
    {
        let plan = try wordCount()
        let names = plan.internalTopics.map(\.name)
        let repartition = try #require(plan.internalTopics.first { $0.kind == .repartition })
        #expect(names.contains("app-counts-changelog"))
        #expect(plan.internalTopics.allSatisfy { $0.partitionCount == 4 })
        #expect(plan.leads == [repartition.name, "lines"].sorted())
        #expect(plan.tasks.count == 8)
        let task = try #require(plan.task(ledBy: TopicPartition(repartition.name, 3)))
        #expect(plan.inputs(of: task) == [TopicPartition(repartition.name, 3)])
        #expect(plan.task(ledBy: TopicPartition("lines", 4)) == nil)
        #expect(plan.task(ledBy: TopicPartition("words", 0)) == nil)
    }

    @Test func `F-14 R-10 internal topics are configured as Kafka Streams does`() throws {
        let plan = try wordCount()
        let changelog = try #require(plan.internalTopics.first { $0.kind == .changelog })
        #expect(changelog.configuration == ["cleanup.policy": "compact", "message.timestamp.type": "CreateTime"])
        let repartition = try #require(plan.internalTopics.first { $0.kind == .repartition })
        #expect(repartition.configuration["retention.ms"] == "-1")
        #expect(repartition.configuration["segment.bytes"] == "52428800")
        #expect(repartition.configuration["cleanup.policy"] == "delete")
    }

    @Test func `members with the same topology and counts have the same hash, others have not`() throws {
        #expect(try wordCount().hash == wordCount().hash)
        #expect(try wordCount().hash != wordCount(partitions: 5).hash)
        let builder = StreamsBuilder()
        builder.stream("lines", key: .string, value: .string).to("words", key: .string, value: .string)
        let other = try TopologyPlan(builder.build(), applicationID: "app", partitionCounts: ["lines": 4])
        #expect(try other.hash != wordCount().hash)
    }

    @Test func `topics of unequal counts without a store are led by a topic of our own`() throws {
        let builder = StreamsBuilder()
        builder.stream(["few", "many"], key: .string, value: .string).to("out", key: .string, value: .string)
        let plan = try TopologyPlan(builder.build(), applicationID: "app", partitionCounts: ["few": 2, "many": 5])
        #expect(plan.leads == ["app-0-tasks"])
        #expect(plan.tasks.count == 5)
        #expect(plan.inputs(of: TaskID(subtopology: 0, partition: 1)).map(\.topic) == ["few", "many"])
        #expect(plan.inputs(of: TaskID(subtopology: 0, partition: 3)) == [TopicPartition("many", 3)])
        #expect(plan.internalTopics.map(\.kind) == [.tasks])
    }

    @Test func `S-80 topics of unequal counts before a store are refused by name`() throws {
        let builder = StreamsBuilder()
        _ = builder.stream(["few", "many"], key: .string, value: .string)
            .groupByKey(key: .string, value: .string)
            .count(as: "counts")
        let topology = try builder.build()
        let error = #expect(throws: StreamsError.self) {
            try TopologyPlan(topology, applicationID: "app", partitionCounts: ["few": 2, "many": 5])
        }
        #expect(error?.code == .unequalPartitions)
        #expect(error?.message.contains("few has 2 partitions and many has 5") == true)
    }

    @Test func `a topic that does not exist is refused by name`() throws {
        let topology = try Self.wordCount()
        let error = #expect(throws: StreamsError.self) {
            try TopologyPlan(topology, applicationID: "app", partitionCounts: [:])
        }
        #expect(error?.code == .missingTopic)
        #expect(error?.place.topic == "lines")
    }

    @Test func `S-80 T-07 the topics of a foreign-key join have the counts of the tables they go to`() throws {
        func plan(_ change: (StreamsBuilder) -> (KTable<String, String>, KTable<String, String>)) throws -> TopologyPlan
        {
            let builder = StreamsBuilder()
            let (lefts, rights) = change(builder)
            lefts.join(rights, joined: TableJoined(named: "fk"), as: "res", on: { $0 }) { "\($0)\($1)" }
                .toStream().to("out", key: .string, value: .optional(.string))
            return try TopologyPlan(builder.build(), applicationID: "app", partitionCounts: ["l": 3, "r": 5])
        }
        let read = try plan { builder in
            (builder.table("l", key: .string, value: .string), builder.table("r", key: .string, value: .string))
        }
        // Tables that are repartitioned themselves: nothing but their own topics says how many.
        let made = try plan { builder in
            let streams = ["l", "r"].map { topic in
                builder.stream(topic, key: .string, value: .string).selectKey { _, value in value }
                    .toTable(as: Materialized("\(topic)-table"), named: "\(topic)-made")
            }
            return (streams[0], streams[1])
        }
        for plan in [read, made] {
            let counts = Dictionary(uniqueKeysWithValues: plan.internalTopics.map { ($0.name, $0) })
            let registration = try #require(counts["app-fk-subscription-registration-topic"])
            let response = try #require(counts["app-fk-subscription-response-topic"])
            #expect(registration.partitionCount == 5)
            #expect(response.partitionCount == 3)
            #expect(registration.configuration["cleanup.policy"] == "delete")
            #expect(registration.configuration["retention.ms"] == "-1")
            #expect(response.configuration == registration.configuration)
            #expect(counts["app-fk-subscription-store-changelog"]?.partitionCount == 5)
            #expect(counts["app-fk-subscription-store-changelog"]?.configuration["cleanup.policy"] == "compact")
            #expect(counts["app-res-changelog"]?.partitionCount == 3)
        }
    }

    @Test func `B-02 TP-02 a table that reuses its source topic has no changelog`() throws {
        let builder = StreamsBuilder()
        _ = builder.table("rows", key: .string, value: .string, as: "kept")
        let plan = try TopologyPlan(
            builder.build(optimizing: .reuseSourceTopics), applicationID: "app", partitionCounts: ["rows": 3])
        #expect(plan.internalTopics.isEmpty)
        #expect(plan.leads == ["rows"])
    }

    @Test func `R-15 the topic of a global table must exist, and its partitions are nobody's tasks`() throws {
        let builder = StreamsBuilder()
        let table = builder.globalTable("all", key: .string, value: .string)
        builder.stream("in", key: .string, value: .string)
            .join(table, on: { key, _ in key }) { value, _ in value }
            .to("out", key: .string, value: .string)
        let topology = try builder.build()
        let plan = try TopologyPlan(topology, applicationID: "app", partitionCounts: ["in": 2, "all": 7])
        #expect(plan.leads == ["in"])
        #expect(plan.tasks.count == 2)
        let error = #expect(throws: StreamsError.self) {
            try TopologyPlan(topology, applicationID: "app", partitionCounts: ["in": 2])
        }
        #expect(error?.code == .missingTopic)
        #expect(error?.place.topic == "all")
    }
}
