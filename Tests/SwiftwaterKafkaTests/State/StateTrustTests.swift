import Foundation
import Swiftwater
import SwiftwaterKafka
import Testing

/// What is kept and what is discarded after each kind of stop.
@Suite struct StateTrustTests {
    let folder = StateFolder()
    private var task: String { folder.path + "/app/0_0" }

    /// Commits one value; closes, or drops the backend as a crash does.
    private func leave(closing: Bool, _ options: StateOptions = StateOptions()) throws {
        let backend = try folder.open("app", options).stores("counts")
        try backend.commit(["a": "1"], to: 0, .init(changelogOffsets: [0: 5]))
        if closing { try backend.close() }
    }

    private func changeMark(_ change: (inout [String: Any]) -> Void) throws {
        let path = task + "/swiftwater-state"
        let data = try #require(FileManager.default.contents(atPath: path))
        var mark = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        change(&mark)
        try JSONSerialization.data(withJSONObject: mark).write(to: URL(filePath: path))
    }

    private func origin(changelogs: String = "x") throws -> StateOrigin {
        let backend = try folder.open().stores("counts", changelogs: changelogs)
        let isKept = try backend.string("a") == "1" && backend.checkpoint().changelogOffsets == [0: 5]
        #expect(isKept == (backend.origin == .kept))
        if !isKept { #expect(try backend.checkpoint() == .init()) }
        return backend.origin
    }

    @Test(arguments: [true, false])
    func `S-97 ST-18 the death of a process costs nothing`(closing: Bool) throws {
        try leave(closing: closing)
        #expect(try origin() == .kept)
    }

    @Test func `the mark says unflushed from before the first commit until closing`() throws {
        let directory = try folder.open()
        func condition() throws -> String? {
            let data = try #require(FileManager.default.contents(atPath: task + "/swiftwater-state"))
            return (try JSONSerialization.jsonObject(with: data) as? [String: Any])?["condition"] as? String
        }
        let backend = try directory.stores("counts")
        #expect(try condition() == "unflushed")
        try backend.close()
        #expect(try condition() == "clean")
        _ = try directory.stores("counts")
        #expect(try condition() == "unflushed")
    }

    @Test func `another boot discards what was not closed and keeps what was`() throws {
        try leave(closing: false)
        try changeMark { $0["boot"] = "another" }
        #expect(try origin() == .discarded(.machineStopped))
        try leave(closing: true)
        try changeMark { $0["boot"] = "another" }
        #expect(try origin() == .kept)
    }

    @Test func `another device discards what was not closed`() throws {
        try leave(closing: false)
        try changeMark { $0["device"] = 123_456 }
        #expect(try origin() == .discarded(.otherDevice))
    }

    @Test func `flushed at every commit, another boot keeps everything`() throws {
        try leave(closing: false, .init(sync: .everyCommit))
        try changeMark { $0["boot"] = "another" }
        #expect(try origin() == .kept)
    }

    @Test func `a missing or torn mark, another format, other changelogs`() throws {
        try leave(closing: true)
        try FileManager.default.removeItem(atPath: task + "/swiftwater-state")
        #expect(try origin() == .discarded(.unmarked))
        try leave(closing: true)
        try Data("{".utf8).write(to: URL(filePath: task + "/swiftwater-state"))
        #expect(try origin() == .discarded(.unmarked))
        try leave(closing: true)
        try changeMark { $0["format"] = 99 }
        #expect(try origin() == .discarded(.otherFormat(99)))
        try leave(closing: true)
        #expect(try origin(changelogs: "recreated") == .discarded(.otherChangelogs))
    }

    /// When the state was written last, as the one that opens it now is told.
    private func lastWritten(_ change: [String: String?] = [:]) throws -> Timestamp? {
        let backend = try folder.open().stores("counts")
        if !change.isEmpty { try backend.commit(change) }
        try backend.close()
        return backend.lastWritten
    }

    @Test func `what is kept tells when it was written last, and opening it does not change that`() throws {
        let isNew = try lastWritten(["a": "1"])
        #expect(isNew == nil)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_000_000)], ofItemAtPath: task + "/data.mdb")
        let old = Timestamp(milliseconds: 1_000_000_000)
        for change in [[:], [:], ["a": "2"]] as [[String: String?]] {
            let found = try lastWritten(change)
            #expect(found == old)
        }
        let new = try #require(try lastWritten())
        #expect(new > old)
    }

    @Test func `damaged files are discarded and reported`() throws {
        try leave(closing: true)
        try Data(repeating: 0x41, count: 30_000).write(to: URL(filePath: task + "/data.mdb"))
        guard case .discarded(.damaged(let reason)) = try origin() else {
            Issue.record("the damage was not seen")
            return
        }
        #expect(reason.contains(task))
    }

    @Test(arguments: [0, 1, 2, 9])
    func `S-97 ST-17 ST-18 ST-22 F-12 killed between any two commits, stores and offsets are those of the last one`(
        commits: Int
    ) async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.path as String, commits = commits as Int] in
            let backend = try StateDirectory(root: path, applicationID: "app").stores("counts", "names")
            for number in 0..<commits { try backend.commit(number: number) }
            kill(getpid(), SIGKILL)
        }
        let backend = try folder.open().stores("counts", "names")
        #expect(backend.origin == .kept)
        #expect(try backend.state() == CommittedState(after: commits))
    }

    /// Killed from outside, at whatever instruction that is: the state is that after some whole number of commits, the ones that were
    /// acknowledged through the pipe at least.
    @Test(arguments: 0..<4)
    func `ST-18 killed anywhere, no commit is half there`(round: Int) async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.path as String, round = round as Int] in
            let backend = try StateDirectory(root: path, applicationID: "app").stores("counts", "names")
            let killer = Thread {
                let progress = path + "/progress"
                while (FileManager.default.contents(atPath: progress)?.count ?? 0) < 3 + 5 * round { sched_yield() }
                kill(getpid(), SIGKILL)
            }
            killer.start()
            let progress = open(path + "/progress", O_CREAT | O_WRONLY | O_APPEND, 0o644)
            for number in 0..<100_000 {
                try backend.commit(number: number)
                _ = "x".withCString { write(progress, $0, 1) }
            }
        }
        let acknowledged = FileManager.default.contents(atPath: folder.path + "/progress")?.count ?? 0
        let backend = try folder.open().stores("counts", "names")
        let commits = Int(try backend.checkpoint().inputOffsets[.init("in", 0)] ?? 0)
        #expect(commits == acknowledged || commits == acknowledged + 1)
        #expect(try backend.state() == CommittedState(after: commits))
    }
}

/// What the commits of the kill tests add up to.
private struct CommittedState: Equatable {
    var counts: [String: String] = [:]
    var names: [String: String] = [:]
    var checkpoint = TaskCheckpoint()

    init(counts: [String: String], names: [String: String], checkpoint: TaskCheckpoint) {
        self.counts = counts
        self.names = names
        self.checkpoint = checkpoint
    }

    init(after commits: Int) {
        for number in 0..<commits {
            for key in 0..<200 { counts["key\(key)"] = "\(number)" }
            counts["only\(number)"] = "here"
            names["last"] = "\(number)"
            checkpoint = TaskCheckpoint(
                changelogOffsets: [0: Int64(number), 1: Int64(number) * 2],
                inputOffsets: [.init("in", 0): Int64(number + 1)])
        }
    }
}

extension LMDBStateBackend {
    fileprivate func commit(number: Int) throws {
        let (counts, names) = (WriteBuffer(seed: 1), WriteBuffer(seed: 1))
        for key in 0..<200 { counts.write(Array("key\(key)".utf8), Array("\(number)".utf8)) }
        counts.write(Array("only\(number)".utf8), Array("here".utf8))
        names.write(Array("last".utf8), Array("\(number)".utf8))
        try commit(
            [StoreChanges(store: 0, sorting: counts), StoreChanges(store: 1, sorting: names)],
            checkpoint: TaskCheckpoint(
                changelogOffsets: [0: Int64(number), 1: Int64(number) * 2],
                inputOffsets: [.init("in", 0): Int64(number + 1)])
        )
    }

    fileprivate func state() throws -> CommittedState {
        CommittedState(counts: try strings(0), names: try strings(1), checkpoint: try checkpoint())
    }
}
