// "More throughput = start the same program once more", with everything that goes wrong in between: worker processes come, go in
// order and are killed, while lines keep coming.

import Foundation
import Testing

@Suite(.integration, .serialized) struct ScaleOutTests {
    @Test(.timeLimit(.minutes(5))) func `workers come and go in order, and every word is counted exactly once`()
        async throws
    {
        let seed = UInt64.random(in: 0 ... .max)
        print("scale-out, graceful: seed \(seed)")
        try await WordCountGroup.with(commitInterval: .milliseconds(500)) { group in
            try await LineFeed.with(group.cluster, group.lines, seed: seed) { feed in
                var workers = try ["1", "2", "3"].map { try group.start($0) }
                for worker in workers { try await worker.isAssigned() }
                try await group.counts(more: 3_000)

                let leaving = workers.removeFirst()
                let last = try await leaving.child.terminate()
                #expect(last.status == 0)
                try await group.counts(more: 3_000)

                workers.append(try group.start("4"))
                try await workers[2].isAssigned()
                try await group.counts(more: 3_000)

                let expected = try await feed.stop()
                let words = expected.values.reduce(0, +)
                _ = try await group.counts("all \(words) words") { $0.values.reduce(0, +) >= words }
                for worker in workers { #expect(try await worker.child.terminate().status == 0) }
                #expect(try await group.countsAtEnd() == expected)
                for worker in workers + [leaving] { #expect(worker.warnings == []) }
            }
        }
    }

    @Test(.timeLimit(.minutes(6))) func `a killed worker loses no word, and replays only the tail of its changelogs`()
        async throws
    {
        let seed = UInt64.random(in: 0 ... .max)
        print("scale-out, kill: seed \(seed)")
        try await WordCountGroup.with(commitInterval: .milliseconds(200)) { group in
            try await LineFeed.with(group.cluster, group.lines, seed: seed) { feed in
                let workers = try ["1", "2", "3"].map { try group.start($0) }
                for worker in workers { try await worker.isAssigned() }
                _ = try await group.counts("20,000 words") { $0.values.reduce(0, +) >= 20_000 }

                let victim = workers[1]
                let (reading, counting) = (Self.partitions(0, of: victim), Self.partitions(1, of: victim))
                try #require(!counting.isEmpty && counting.count < group.partitions)
                // Of the commits seen from here on, the first may have begun before; when the second is seen, the
                // first one's stores are written, with all that the changelogs held before.
                let kept = try await group.ends(group.changelog)
                try await group.commits(2, of: group.repartition, counting)
                let killed = victim.child
                await killed.kill()
                #expect(killed.snapshot.status == 128 + SIGKILL)
                let unread = try await Self.uncommitted(group, group.lines, reading)
                let uncounted = try await Self.uncommitted(group, group.repartition, counting)

                let restarted = try group.start(victim.name)
                // Nobody has its tasks before it has joined: what was on its way to the broker has arrived, and nothing else comes.
                try await restarted.isStarting()
                let ends = try await group.ends(group.changelog)
                try await restarted.isAssigned()
                #expect(
                    restarted.tasks == victim.tasks, "member ids, and with them assignments, repeat after a restart")
                let restored = try await restarted.restored(Set(counting.map { "1_\($0)" }))
                var (replayed, whole): (Int64, Int64) = (0, 0)
                for entry in restored {
                    guard let partition = entry.task.split(separator: "_").last.flatMap({ Int32($0) }),
                        counting.contains(partition), let end = ends[partition], let start = kept[partition]
                    else { continue }
                    #expect(entry.records <= end - start, "task \(entry.task) of \(end) records")
                    replayed += entry.records
                    whole += end
                }
                let tail = counting.reduce(0) { $0 + (ends[$1] ?? 0) - (kept[$1] ?? 0) }
                print("scale-out, kill: replayed \(replayed) records, at most \(tail), of \(whole)")
                try #require(tail * 2 < whole, "the changelogs are too short to tell a tail from the whole")
                try await group.counts(more: 3_000)

                let expected = try await feed.stop()
                let final = try await group.counts("every word at least as often as it was sent") { counts in
                    expected.allSatisfy { counts[$0.key, default: 0] >= $0.value }
                }
                for worker in [workers[0], workers[2], restarted] {
                    #expect(try await worker.child.terminate().status == 0)
                }
                #expect(Set(final.keys) == Set(expected.keys))
                let counted = try await group.countsAtEnd()
                let excess = counted.reduce(0) { $0 + $1.value - expected[$1.key, default: 0] }
                let bound = unread * Int64(LineFeed.wordsPerLine) + uncounted
                print("scale-out, kill: \(excess) words counted twice, at most \(bound)")
                #expect(counted.allSatisfy { $0.value >= expected[$0.key, default: 0] })
                #expect(excess <= bound)
            }
        }
    }

    /// The partitions of the worker's tasks of one sub-topology.
    private static func partitions(_ subtopology: Int, of worker: Worker) -> Set<Int32> {
        Set(
            worker.tasks.compactMap { task in
                let parts = task.split(separator: "_").compactMap { Int32($0) }
                return parts.first == Int32(subtopology) ? parts.last : nil
            })
    }

    /// How many records of the partitions nobody has committed.
    private static func uncommitted(
        _ group: WordCountGroup, _ topic: String, _ partitions: Set<Int32>
    ) async throws -> Int64 {
        let committed = try await group.committed(topic)
        let ends = try await group.ends(topic)
        return partitions.reduce(0) { $0 + (ends[$1] ?? 0) - (committed[$1] ?? 0) }
    }
}
