import Foundation
import SwiftwaterKafka

/// What a worker tells the director, a line of JSON each.
enum WorkerLine: Codable {
    case state(String)
    case restoring(Restore)
    case restored(Restore)

    /// A store of a task, and the offsets it is brought from and to.
    struct Restore: Codable {
        var task: String
        var store: String
        var start: Int64
        var end: Int64
        var records: Int

        init(_ restore: StateRestore) {
            task = restore.task
            store = restore.store
            start = restore.startingOffset
            end = restore.endOffset
            records = restore.restoredRecords
        }
    }

    static func restoring(_ restore: StateRestore) -> WorkerLine { .restoring(Restore(restore)) }
    static func restored(_ restore: StateRestore) -> WorkerLine { .restored(Restore(restore)) }

    init?(_ line: String) {
        guard let value = try? JSONDecoder().decode(WorkerLine.self, from: Data(line.utf8)) else { return nil }
        self = value
    }

    func say() {
        guard let data = try? JSONEncoder().encode(self) else { return }
        Report.line(String(decoding: data, as: UTF8.self))
    }
}
