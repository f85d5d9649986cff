import Foundation

/// A worker over its lives: the same state directory and log each time.
final class WorkerProcess {
    let name: String
    let stateDirectory: String
    private(set) var child: Child?
    /// Whether a fault has it in hand: no other one touches it, and its end is no news.
    var isInHand = false
    private(set) var state = "none"
    private let directory: WorkDirectory
    private let arguments: [String]
    private var lines: LogTail
    /// By task and store: the offset that its copy on disk holds at least.
    private var held: [String: Int64] = [:]
    /// Stores that were read from further back than their copy held.
    private(set) var needlessRestores: [String] = []
    private(set) var restoredRecords = 0

    init(_ name: String, _ directory: WorkDirectory, stateDirectory: String, arguments: [String]) {
        self.name = name
        self.directory = directory
        self.stateDirectory = stateDirectory
        self.arguments = [WorkerCommand.role, "--state", stateDirectory] + arguments
        lines = LogTail(directory.path("\(name).out"))
    }

    var log: String { directory.path("\(name).log") }
    var isRunning: Bool { child.map { $0.status == nil } ?? false }

    func start(environment: [String: String] = [:]) throws {
        child = try Child.ofThisProgram(
            arguments, output: directory.path("\(name).out"), log: log, environment: environment)
        state = "started"
    }

    func kill() {
        child?.end()
        readLines()
    }

    /// Asks it to end in order.
    /// - Returns: its status; nil if it does not end, and then it is killed.
    func stop(limit: Duration) throws -> Int32? {
        guard let child else { return nil }
        child.send(SIGTERM)
        let status = try child.waitForEnd(limit: limit)
        if status == nil { child.end() }
        readLines()
        return status
    }

    /// Its state directory is gone, and with it what it held.
    func forgetState() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: stateDirectory) {
            try FileManager.default.removeItem(atPath: "\(stateDirectory)/\(name)")
        }
        held = [:]
    }

    func readLines() {
        for line in lines.newLines() {
            switch WorkerLine(line) {
            case .state(let new)?: state = new
            case .restoring(let restore)?:
                let store = "\(restore.task) \(restore.store)"
                if restore.start < held[store, default: 0] {
                    needlessRestores.append(
                        "\(name) \(store) from \(restore.start), held up to \(held[store, default: 0])")
                }
                held[store] = restore.start
            case .restored(let restore)?:
                held["\(restore.task) \(restore.store)"] = restore.end
                restoredRecords += restore.records
            case nil: break
            }
        }
    }
}
