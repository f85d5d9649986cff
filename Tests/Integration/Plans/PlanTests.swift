// Two members with different topologies under one application id: the broker would let both own a task, so they must sort it out
// among themselves (Design/Runtime.md).

import Foundation
import Swiftwater
import SwiftwaterKafka
import Testing

@Suite(.integration) struct PlanTests {
    /// Applications of one id that say in each output record which of them wrote it.
    struct Scene {
        let cluster: TestCluster
        let id: String
        let input: String
        let output: String
        let directory: TemporaryDirectory

        init(_ cluster: TestCluster) async throws {
            self.cluster = cluster
            id = cluster.group("plans")
            input = try await cluster.topic("input", partitions: 4)
            output = try await cluster.topic("output", partitions: 4)
            directory = try TemporaryDirectory("plans")
        }

        /// - Parameter steps: how many nodes its topology has more than that of another name.
        func application(_ name: String, steps: Int, _ log: LogLines) throws -> StreamsApplication {
            let builder = StreamsBuilder()
            var stream = builder.stream(input, key: .string, value: .string).mapValues { "\(name) \($0)" }
            for _ in 0..<steps { stream = stream.filter { _, _ in true } }
            stream.to(output, key: .string, value: .string)
            var configuration = StreamsConfiguration(
                applicationID: id, bootstrapServers: [cluster.bootstrapServers])
            configuration.stateDirectory = "\(directory.path)/\(name)"
            configuration.commitInterval = .milliseconds(100)
            return try StreamsApplication(builder.build(), configuration: configuration, logger: log.logger)
        }

        func send(_ numbers: Range<Int>) async throws {
            try await cluster.send(
                numbers.map { .text("\($0)", key: "k\($0)", partition: Int32($0 % 4)) }, to: input)
        }

        /// Waits until the output holds so many records.
        func outputs(_ count: Int64) async throws -> [String] {
            try await Blocking.run { [cluster, output] in
                let deadline = ContinuousClock.now + .seconds(60)
                while try cluster.endOffsets(output).values.reduce(0, +) < count {
                    guard ContinuousClock.now < deadline else {
                        throw ChildError("no \(count) outputs within a minute")
                    }
                }
            }
            return try await cluster.records(of: output).compactMap(\.text)
        }
    }

    @Test(.timeLimit(.minutes(3))) func `a member with another topology waits, says so, and takes over`() async throws {
        try await TestCluster.with { cluster in
            let scene = try await Scene(cluster)
            defer { scene.directory.remove() }
            let (log, laterLog) = (LogLines(), LogLines())
            let first = try scene.application("first", steps: 0, log)
            let second = try scene.application("second", steps: 1, laterLog)
            async let firstEnd: Void = first.run()
            try await first.wait(for: .running)
            try await scene.send(0..<100)
            #expect(try await scene.outputs(100).allSatisfy { $0.hasPrefix("first ") })

            async let secondEnd: Void = second.run()
            try await second.wait(for: .waitingForPeers)
            let own = try #require(await log.line(with: " starting ")?.firstMatch(of: /plan=(\w+)/)?.1)
            let other = try #require(await laterLog.line(with: " starting ")?.firstMatch(of: /plan=(\w+)/)?.1)
            #expect(own != other)
            let warning = try #require(await laterLog.line(with: "members with another topology hold the group"))
            #expect(warning.contains("own plan=\(other)") && warning.contains("their plans=\(own)"))
            try await scene.send(100..<200)
            #expect(try await scene.outputs(200).allSatisfy { $0.hasPrefix("first ") })
            #expect(second.state == .waitingForPeers)

            try await first.stop()
            try await firstEnd
            try await second.wait(for: .running)
            try await scene.send(200..<300)
            let all = try await scene.outputs(300)
            let expected = (0..<200).map { "first \($0)" } + (200..<300).map { "second \($0)" }
            #expect(all.sorted() == expected.sorted())
            try await second.stop()
            try await secondEnd
        }
    }

    @Test(.timeLimit(.minutes(3))) func `of two that start together one works, and no record is processed twice`()
        async throws
    {
        try await TestCluster.with { cluster in
            let scene = try await Scene(cluster)
            defer { scene.directory.remove() }
            try await scene.send(0..<100)
            let applications = [
                try scene.application("first", steps: 0, LogLines()),
                try scene.application("second", steps: 1, LogLines()),
            ]
            async let firstEnd: Void = applications[0].run()
            async let secondEnd: Void = applications[1].run()
            let all = try await scene.outputs(100)
            let worker = try #require(all.first?.split(separator: " ").first)
            #expect(all.sorted() == (0..<100).map { "\(worker) \($0)" }.sorted())
            let waiting = applications[worker == "first" ? 1 : 0]
            try await waiting.wait(for: .waitingForPeers)
            for application in [waiting, applications[worker == "first" ? 0 : 1]] { try await application.stop() }
            try await firstEnd
            try await secondEnd
            #expect(try await scene.outputs(100).count == 100)
        }
    }
}
