import RDKafka
import Swiftwater
import Synchronization
import Testing

@testable import SwiftwaterKafka

struct RestoreReportTests {
    private final class Listener: StateRestoreListener {
        private let shared = Mutex<[String]>([])
        var told: [String] { shared.withLock { $0 } }

        private func tell(_ what: String, _ restore: StateRestore) {
            let place = "\(restore.task) \(restore.store) \(restore.topic)-\(restore.partition)"
            let extent = "\(restore.startingOffset)..<\(restore.endOffset)"
            shared.withLock { $0.append("\(what) \(place) \(extent): \(restore.restoredRecords)") }
        }

        func restoreStarted(_ restore: StateRestore) { tell("started", restore) }
        func batchRestored(_ restore: StateRestore, records: Int) { tell("batch \(records)", restore) }
        func restoreEnded(_ restore: StateRestore) { tell("ended", restore) }
        func restoreSuspended(_ restore: StateRestore) { tell("suspended", restore) }
    }

    private func report(to listener: Listener, from start: Int64 = 5, until end: Int64 = 20) -> RestoreReport {
        RestoreReport(
            to: listener, task: "1_3", store: "counts", KafkaPartition("app-counts-changelog", 3),
            ChangelogTail(kept: start, beginning: 0, end: end))
    }

    @Test func `L-02 a restore is told from its start over its batches to its end, once`() {
        let listener = Listener()
        var report = report(to: listener)
        report.wrote(7)
        report.wrote(0)
        report.wrote(3)
        report.end(isDone: true)
        report.end(isDone: false)
        report.wrote(1)
        let place = "1_3 counts app-counts-changelog-3 5..<20"
        #expect(
            listener.told == [
                "started \(place): 0", "batch 7 \(place): 7", "batch 3 \(place): 10", "ended \(place): 10",
            ])
    }

    @Test func `L-02 a task that goes elsewhere before its store is whole suspends the restore`() {
        let listener = Listener()
        var report = report(to: listener)
        report.wrote(2)
        report.end(isDone: false)
        #expect(listener.told.last == "suspended 1_3 counts app-counts-changelog-3 5..<20: 2")
        #expect(listener.told.count == 3)
    }

    @Test func `L-02 where there is nothing to read nobody is told`() {
        let listener = Listener()
        var report = report(to: listener, from: 20)
        report.wrote(0)
        report.end(isDone: true)
        #expect(listener.told.isEmpty)
    }
}
