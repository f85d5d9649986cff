internal import Foundation
package import Swiftwater
internal import Synchronization

/// The folder `<state.dir>/<application.id>/` with a folder for each task, and who may use it.
///
/// Held by one process: a second one gets an error that names the first. Beside the tasks lie `.lock` and the identity of the process.
package final class StateDirectory: Sendable {
    package let path: String
    package let applicationID: String
    /// Stable over restarts, another one in each state directory.
    package let processID: String
    /// The process id found in a directory that turned out to be a copy; report it, nothing else is needed.
    package let copiedFrom: String?
    package let options: StateOptions

    private let tasks: Mutex<Tasks>

    private struct Tasks: ~Copyable {
        var lock: DirectoryLock?
        var open: Set<String> = []
    }

    /// Makes or opens the directory and locks it until `unlock`, or until this object is gone.
    ///
    /// - Throws: `StreamsError` with `stateDirectory` or `disk`.
    package init(root: String, applicationID: String, options: StateOptions = StateOptions()) throws {
        guard !applicationID.isEmpty, ![".", ".."].contains(applicationID), !applicationID.contains("/") else {
            throw StreamsError(
                .invalidConfiguration, "application id '\(applicationID)' cannot be the name of a folder")
        }
        let path = "\(root)/\(applicationID)"
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw StreamsError(
                .stateDirectory, "cannot make the state directory \(path): set one that this process may write",
                cause: error)
        }
        let lock = try DirectoryLock(path)
        let (identity, copiedFrom) = try ProcessIdentity.open(path, applicationID: applicationID)
        DescriptorLimit.raise()
        self.path = path
        self.applicationID = applicationID
        self.processID = identity.processId
        self.copiedFrom = copiedFrom
        self.options = options
        self.tasks = Mutex(Tasks(lock: lock))
    }

    /// Lets another process have the directory; nothing here uses it any more.
    package func unlock() {
        tasks.withLock { $0.lock = nil }
    }

    /// Opens the stores of a stream task. Their files must have been written for the same topics, and lie as the stores read them:
    /// bytes that lie otherwise are as good as another application's.
    package func open(_ task: TaskID, _ stores: [StoreDefinition]) throws -> LMDBStateBackend {
        let written = stores.map { store in
            "\(store.sourceTopic ?? store.changelogTopic(applicationID: applicationID)) (\(store.layout))"
        }
        return try open(
            task: task.description, stores: stores.map(\.name), changelogs: written.joined(separator: " "))
    }

    /// Opens the stores of a task, in the order of `stores`; `changelogs` names the changelog topics they are restored from.
    ///
    /// What lies there and cannot be trusted is discarded, which `LMDBStateBackend.origin` tells.
    package func open(task: String, stores: [String], changelogs: String) throws -> LMDBStateBackend {
        guard Self.isTask(task) else {
            throw StreamsError(.internal, "'\(task)' is not the name of a task", at: .init(task: task))
        }
        let isNew = tasks.withLock { $0.open.insert(task).inserted }
        guard isNew else {
            throw StreamsError(.stateStore, "the task is open in another thread of this process", at: .init(task: task))
        }
        do {
            return try LMDBStateBackend(self, task: task, stores: stores, changelogs: changelogs)
        } catch {
            release(task)
            throw error
        }
    }

    /// Tasks that have a folder here, open or not.
    package func taskNames() throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).filter(Self.isTask).sorted()
        } catch {
            throw StreamsError(.stateDirectory, "cannot list \(path)", cause: error)
        }
    }

    /// Removes the state of all tasks, and keeps the identity of the process (KIP-1283).
    ///
    /// - Throws: `invalidState` while a task is open.
    package func cleanUp() throws {
        let open = tasks.withLock { $0.open.sorted() }
        guard open.isEmpty else {
            throw StreamsError(.invalidState, "cannot clean up while tasks are open: \(open.joined(separator: ", "))")
        }
        for task in try taskNames() { try discard(task) }
    }

    /// Removes folders of tasks that nobody here has open and nobody wrote since `limit`; returns their names.
    package func removeObsolete(unusedSince limit: Timestamp) throws -> [String] {
        var removed: [String] = []
        for task in try taskNames() {
            // Claimed while it is removed, so that no thread opens it in between.
            guard tasks.withLock({ $0.open.insert(task).inserted }) else { continue }
            defer { release(task) }
            guard try lastUse(of: task) < limit.milliseconds else { continue }
            try discard(task)
            removed.append(task)
        }
        return removed
    }

    /// Bytes that the disk has left.
    package func freeBytes() throws -> Int {
        try FileStatus.freeBytes(at: path)
    }

    func directory(of task: String) -> String { "\(path)/\(task)" }

    func release(_ task: String) {
        _ = tasks.withLock { $0.open.remove(task) }
    }

    /// Removes a task's folder.
    func discard(_ task: String) throws {
        do {
            try FileManager.default.removeItem(atPath: directory(of: task))
        } catch {
            throw StreamsError(
                .stateDirectory, "cannot remove \(directory(of: task))", at: .init(task: task), cause: error)
        }
    }

    private func lastUse(of task: String) throws -> Int64 {
        let directory = directory(of: task)
        var last = try FileStatus(directory).modified
        for name in ["data.mdb", StateMark.fileName] {
            let path = "\(directory)/\(name)"
            if FileManager.default.fileExists(atPath: path) { last = max(last, try FileStatus(path).modified) }
        }
        return last
    }

    /// `<sub-topology>_<partition>`, or the folder of the global tables.
    private static func isTask(_ name: String) -> Bool {
        if name == GlobalThread.taskName { return true }
        let parts = name.split(separator: "_", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
    }
}
