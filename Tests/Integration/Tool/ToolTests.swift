import Foundation
import RDKafka
import Testing

/// The tool as its user sees it: standard output, one line on standard error, and the exit code.
@Suite(.integration) struct ToolTests {
    private func tool(_ arguments: [String], input: String = "") async throws -> ChildProcess.Snapshot {
        try await ChildProcess.run(
            Programs.swiftwater, arguments, input: input, environment: ["KAFKA_BOOTSTRAP_SERVERS": ""])
    }

    private func tool(_ cluster: TestCluster, _ arguments: [String], input: String = "") async throws
        -> ChildProcess.Snapshot
    {
        try await tool(arguments + ["--bootstrap-servers", cluster.bootstrapServers], input: input)
    }

    /// What a command that must succeed prints.
    private func output(_ cluster: TestCluster, _ arguments: [String], input: String = "") async throws -> [String] {
        let end = try await tool(cluster, arguments, input: input)
        guard end.status == 0 else {
            throw ChildError("\(arguments) ended with \(end.status ?? -1): \(end.error.joined(separator: " | "))")
        }
        return end.output
    }

    @Test(.timeLimit(.minutes(1))) func `keys, headers and null go through produce and consume`() async throws {
        try await TestCluster.with { cluster in
            let topic = try await cluster.topic("lines", partitions: 3)
            let empty = try await output(
                cluster, ["produce", topic, "--key-separator", ":", "--null-marker", "NULL", "--header", "h=x=y"],
                input: "a:1\nb:NULL\r\na:3:4\nc:\nNULL:ü")
            #expect(empty.isEmpty)
            let lines = try await output(
                cluster,
                [
                    "consume", topic, "--from-beginning", "--until-end", "--keys", "--headers", "--null-marker", "-",
                ])
            #expect(lines.sorted() == ["h=x=y\t-\tü", "h=x=y\ta\t1", "h=x=y\ta\t3:4", "h=x=y\tb\t-", "h=x=y\tc\t"])
            // Null, not a text that reads like it.
            let records = try await cluster.records(of: topic)
            #expect(records.filter { $0.value == nil }.map(\.keyText) == ["b"])
            #expect(records.filter { $0.key == nil }.map(\.text) == ["ü"])
            // As murmur2 has it, for every client.
            let placed = records.filter { $0.keyText == "a" }
            #expect(Set(placed.map(\.partition)).count == 1)
            #expect(placed.map(\.text) == ["1", "3:4"])
        }
    }

    @Test(.timeLimit(.minutes(1))) func `what consume prints can be produced again`() async throws {
        try await TestCluster.with { cluster in
            let first = try await cluster.topic("first", partitions: 2)
            let second = try await cluster.topic("second", partitions: 2)
            let sent = (0..<200).map { "key \($0 % 7)|value \($0)" }
            _ = try await output(
                cluster, ["produce", first, "--key-separator", "|"], input: sent.map { "\($0)\n" }.joined())
            let copy = try await output(
                cluster, ["consume", first, "--from-beginning", "--until-end", "--format", "%k|%s\\n"])
            _ = try await output(
                cluster, ["produce", second, "--key-separator", "|"], input: copy.map { "\($0)\n" }.joined())
            let (originals, copies) = (
                try await cluster.records(of: first), try await cluster.records(of: second)
            )
            #expect(originals.map(\.text) == copies.map(\.text))
            #expect(originals.map(\.key) == copies.map(\.key))
            #expect(originals.count == 200)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `one partition keeps the order, and max ends the reading`() async throws {
        try await TestCluster.with { cluster in
            let topic = try await cluster.topic("lines", partitions: 2)
            _ = try await output(
                cluster, ["produce", topic, "--partition", "1"], input: (0..<2500).map { "line \($0)\n" }.joined())
            let lines = try await output(
                cluster, ["consume", topic, "--from-beginning", "--max", "2001", "--format", "%t/%p/%o %k=%s\\n"])
            #expect(lines == (0..<2001).map { "\(topic)/1/\($0) null=line \($0)" })
        }
    }

    @Test(.timeLimit(.minutes(2))) func `a group goes on where it was`() async throws {
        try await TestCluster.with { cluster in
            let topic = try await cluster.topic("lines")
            _ = try await output(cluster, ["produce", topic], input: "1\n2\n3\n")
            let arguments = [
                "consume", topic, "--from-beginning", "--group", cluster.group("tool"), "--until-end",
            ]
            #expect(try await output(cluster, arguments + ["--max", "2"]) == ["1", "2"])
            #expect(try await output(cluster, arguments) == ["3"])
            #expect(try await output(cluster, arguments) == [])
        }
    }

    @Test(.timeLimit(.minutes(1))) func `SIGTERM ends a waiting consume, which has printed and committed`() async throws
    {
        try await TestCluster.with { cluster in
            let topic = try await cluster.topic("lines")
            let group = cluster.group("tool")
            let arguments = [
                "consume", topic, "--from-beginning", "--group", group, "--bootstrap-servers", cluster.bootstrapServers,
            ]
            let end = try await ChildProcess.with(Programs.swiftwater, arguments) { consumer in
                try await cluster.send([.text("here")], to: topic)
                try await consumer.line("record") { $0 == "here" ? true : nil }
                return try await consumer.terminate()
            }
            #expect(end.status == 0)
            #expect(end.error.isEmpty)
            let committed = try await Blocking.run {
                try cluster.admin().groupOffsets(group, timeout: TestCluster.limit)
            }
            #expect(committed.map(\.offset) == [1])
        }
    }

    @Test(.timeLimit(.minutes(1))) func `topics are made, listed, described and deleted`() async throws {
        try await TestCluster.with { cluster in
            let topic = cluster.newTopicName("made")
            let create = ["topics", "create", topic, "--partitions", "2", "--config", "cleanup.policy=compact"]
            #expect(try await output(cluster, create) == [])
            #expect(try await output(cluster, create + ["--if-not-exists"]) == [])
            #expect(try await output(cluster, ["topics", "list"]).contains(topic))
            let described = try await output(cluster, ["topics", "describe", topic])
            #expect(described.first == "topic \(topic), 2 partitions")
            #expect(described.contains("  cleanup.policy=compact"))
            let alter = [
                "topics", "alter", topic, "--config", "retention.ms=7000", "--delete-config", "cleanup.policy",
            ]
            #expect(try await output(cluster, alter) == [])
            let altered = try await output(cluster, ["topics", "describe", topic])
            #expect(altered.contains("  retention.ms=7000") && !altered.contains("  cleanup.policy=compact"))
            #expect(try await output(cluster, ["topics", "delete", topic]) == [])
            #expect(try await !output(cluster, ["topics", "list"]).contains(topic))
        }
    }

    @Test(.timeLimit(.minutes(2))) func `what fails ends with 1 and one line that says what and what to do`()
        async throws
    {
        try await TestCluster.with { cluster in
            let topic = try await cluster.topic("lines")
            let missing = "missing-\(topic)"
            let failures: [(arguments: [String], input: String, says: String)] = [
                (["topics", "create", topic], "", "--if-not-exists"),
                (["topics", "create", "a b"], "", "a-z A-Z 0-9 . _ -"),
                (["topics", "describe", missing], "", "topics create"),
                (["topics", "alter", missing, "--config", "retention.ms=1"], "", "topics create"),
                (["topics", "alter", topic, "--config", "no.such=1"], "", "no.such"),
                (["topics", "delete", missing], "", "topics list"),
                (["produce", missing], "a\n", "topics create"),
                (["consume", missing, "--until-end"], "", "topics create"),
                (["produce", topic, "--partition", "1"], "a\n", "topic \(topic) has no partition 1: it has 1"),
                (
                    ["produce", topic, "--key-separator", ":"], "a:1\nb\n",
                    "line 2 has no key separator ':'; 1 records before it were written"
                ),
                (["topics", "list", "-X", "no.such.property=1"], "", "no.such.property"),
            ]
            for (arguments, input, says) in failures {
                let end = try await tool(cluster, arguments, input: input)
                #expect(end.status == 1, "\(arguments)")
                #expect(end.output.isEmpty, "\(arguments)")
                #expect(end.error.count == 1 && end.error[0].contains(says), "\(arguments): \(end.error)")
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a broker that is not there is named`() async throws {
        for command in [["topics", "list"], ["produce", "t"], ["consume", "t"]] {
            let end = try await tool(command + ["--bootstrap-servers", "127.0.0.1:1", "--timeout", "1"])
            #expect(end.status == 1)
            #expect(end.error.count == 1 && end.error[0].contains("127.0.0.1:1"), "\(command): \(end.error)")
        }
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ["produce"], ["produce", "t", "--partition", "-1"], ["produce", "t", "--header", "x"],
            ["produce", "t", "--key-separator", ""], ["consume", "t", "--max", "0"],
            ["consume", "t", "--format", "%z"],
            ["consume", "t", "--format", "x\\"], ["topics", "create", "t", "--partitions", "0"],
            ["topics", "list", "--timeout", "0"], ["topics", "list", "-X", "novalue"], ["nothing"],
            ["broker"], ["broker", "--data", "d", "--port", "70000"], ["broker", "--data", "d", "--partitions", "0"],
        ]) func `wrong usage ends with 64 and a hint, before a cluster is asked`(arguments: [String]) async throws
    {
        let end = try await tool(arguments)
        #expect(end.status == 64)
        #expect(end.output.isEmpty)
        #expect(end.error.first?.hasPrefix("Error: ") == true)
        #expect(end.error.contains { $0.contains("--help") }, "\(end.error)")
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            [], ["broker"], ["topics"], ["topics", "create"], ["topics", "alter"], ["produce"], ["consume"],
        ]) func `help tells the usage`(command: [String]) async throws
    {
        let end = try await tool(command + ["--help"])
        #expect(end.status == 0)
        #expect(end.output.contains { $0.hasPrefix((["USAGE: swiftwater"] + command).joined(separator: " ")) })
        #expect(end.error.isEmpty)
    }
}
