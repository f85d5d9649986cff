import RDKafka
import Testing

/// Transactions as clients of others do them, and as consumers of committed records see them.
@Suite(.integration, .serialized) struct TransactionClientTests {
    private static let writers = [Client.confluent, .kafkaPython]

    /// What consumers of every make read, who must agree.
    private func committed(_ topic: String, at servers: String) async throws -> [String] {
        let values = try await Client.confluent.consume(topic, at: servers, isolation: .readCommitted).map(\.value)
        for other in [Client.kcat, .kafkaPython] {
            let others = try await other.consume(topic, at: servers, isolation: .readCommitted).map(\.value)
            #expect(others == values, "\(other.rawValue)")
        }
        return values
    }

    @Test(.timeLimit(.minutes(3)), arguments: writers)
    func `committed records are seen, aborted ones never, and an open transaction hides what comes after it`(
        writer: Client
    ) async throws {
        try await TestCluster.with { cluster in
            let servers = cluster.bootstrapServers
            let topic = try await cluster.topic("outcomes")
            try await TransactionalClient.with(writer, id: cluster.transactionalID("outcomes"), at: servers) { client in
                try await client.do(
                    "init", "begin", "send \(topic) 0 one", "commit", "begin", "send \(topic) 0 two", "flush", "abort",
                    "begin", "send \(topic) 0 three", "flush")
                try await cluster.send([.text("plain")], to: topic)
                #expect(try await committed(topic, at: servers) == ["one"])
                let all = try await Client.confluent.consume(topic, at: servers, isolation: .readUncommitted)
                #expect(all.map(\.value) == ["one", "two", "three", "plain"])
                // Each end took an offset.
                #expect(all.map(\.offset) == [0, 2, 4, 5])
                try await client.do("commit")
                try await cluster.waitUntilStable(topic)
                #expect(try await committed(topic, at: servers) == ["one", "three", "plain"])
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: writers)
    func `a producer that another has taken over from is fenced, and its records are aborted`(
        writer: Client
    ) async throws {
        try await TestCluster.with { cluster in
            let servers = cluster.bootstrapServers
            let topic = try await cluster.topic("zombies", partitions: 1)
            let id = cluster.transactionalID("zombies")
            try await TransactionalClient.with(writer, id: id, at: servers) { zombie in
                try await zombie.do("init", "begin", "send \(topic) 0 zombie", "flush")
                try await TransactionalClient.with(writer, id: id, at: servers) { successor in
                    try await successor.do("init", "begin", "send \(topic) 0 successor", "commit")
                    #expect(try await zombie.call("commit") == "fenced")
                    try await cluster.waitUntilStable(topic)
                    #expect(try await committed(topic, at: servers) == ["successor"])
                    try await successor.do("begin", "send \(topic) 0 again", "commit")
                    try await cluster.waitUntilStable(topic)
                    #expect(try await committed(topic, at: servers) == ["successor", "again"])
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: writers)
    func `a group's position in a transaction counts when it commits, and not when it aborts`(writer: Client)
        async throws
    {
        try await TestCluster.with { cluster in
            let servers = cluster.bootstrapServers
            let topic = try await cluster.topic("positions")
            try await cluster.send((0..<9).map { .text("\($0)") }, to: topic)
            let group = cluster.group("positions")
            func position() async throws -> [Int64] {
                try await Blocking.run {
                    try cluster.admin().groupOffsets(group, timeout: TestCluster.limit).map(\.offset)
                }
            }
            try await TransactionalClient.with(writer, id: cluster.transactionalID("positions"), at: servers) {
                client in
                try await client.do("init", "begin", "offsets \(group) \(topic) 0 5", "send \(topic) 0 x")
                #expect(try await position() == [])
                try await client.do("commit")
                try await eventually("the position of the transaction") { try await position() == [5] }
                try await client.do("begin", "offsets \(group) \(topic) 0 7", "abort")
                #expect(try await position() == [5])
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: writers)
    func `a transaction that lasts too long is aborted, and its producer can commit nothing of it`(writer: Client)
        async throws
    {
        try await TestCluster.with { cluster in
            let servers = cluster.bootstrapServers
            let topic = try await cluster.topic("slow")
            let id = cluster.transactionalID("slow")
            try await TransactionalClient.with(writer, id: id, at: servers, timeout: .seconds(2)) { client in
                try await client.do("init", "begin", "send \(topic) 0 slow", "flush")
                try await cluster.send([.text("plain")], to: topic)
                // A cluster looks for such transactions every ten seconds.
                try await eventually("the end of the transaction") {
                    try await Client.confluent.consume(topic, at: servers, isolation: .readCommitted).map(\.value)
                        == ["plain"]
                }
                #expect(try await client.call("commit") != "ok")
            }
            try await TransactionalClient.with(writer, id: id, at: servers) { successor in
                try await successor.do("init", "begin", "send \(topic) 0 next", "commit")
            }
            try await cluster.waitUntilStable(topic)
            #expect(try await committed(topic, at: servers) == ["plain", "next"])
        }
    }

    /// The broker kills itself at one step of the transaction, and the client goes on when it is back.
    @Test(
        .enabled(if: TestCluster.given == nil, "kills the broker"), .timeLimit(.minutes(3)),
        arguments: ["registered", "added", "prepared", "marked", "resolved", "completed"], [true, false])
    func `a broker that is killed at any step of a transaction comes back and brings it to its end`(
        step: String, commits: Bool
    ) async throws {
        let broker = try BrokerProcess()
        defer { broker.directory.remove() }
        let topics = ["first", "second"]
        try await broker.running { _ in
            try await Blocking.run {
                try TestCluster(broker.bootstrapServers).admin()
                    .createTopics(topics.map { NewTopic($0, partitions: 1) }, timeout: TestCluster.limit).check()
            }
        }
        let servers = broker.bootstrapServers
        try await TransactionalClient.with(.confluent, id: "x", at: servers) { client in
            let commands =
                ["init", "begin"] + topics.map { "send \($0) 0 value" } + ["offsets g first 0 1"]
                + (commits ? ["commit"] : ["flush", "abort"])
            var left = commands[...]
            let environment = ["SWIFTWATER_BROKER_CRASH_AT": step]
            try await broker.running(environment: environment) { process in
                while let command = left.first {
                    left = left.dropFirst()
                    try await client.send(command)
                    // The command that meets the step is answered by the next broker.
                    let isAnswered = try await client.isAnswered(before: process)
                    if !isAnswered { break }
                }
                #expect(try await process.end().status == 137)
            }
            try await broker.running { _ in
                #expect(try await client.answer() == "ok")
                for command in left { try await client.do(command) }
                for topic in topics {
                    #expect(try await committed(topic, at: servers) == (commits ? ["value"] : []))
                }
                try await client.do("begin", "send first 0 next", "commit")
                #expect(try await committed("first", at: servers) == (commits ? ["value", "next"] : ["next"]))
                let position = try await Blocking.run {
                    try TestCluster(servers).admin().groupOffsets("g", timeout: TestCluster.limit).map(\.offset)
                }
                #expect(position == (commits ? [1] : []))
            }
        }
    }
}
