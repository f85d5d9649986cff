internal import LMDB
internal import Swiftwater

/// Where queries on any thread get snapshots of a task from, without asking the thread that owns the task.
///
/// Once the task is closed it answers with an error; drop it then, it keeps the object of the environment alive.
package final class SnapshotSource: Sendable {
    package let task: String
    package let stores: [String]
    let environment: Environment
    let databases: [Database]
    private let metadata: Database
    /// What of it is held now.
    let views: OpenViews

    init(
        _ environment: Environment, task: String, stores: [String], databases: [Database], metadata: Database,
        views: OpenViews
    ) {
        self.environment = environment
        self.task = task
        self.stores = stores
        self.databases = databases
        self.metadata = metadata
        self.views = views
    }

    /// A snapshot for one thread that reads again and again.
    func own() throws -> OwnSnapshot {
        do throws(LMDBError) {
            return try OwnSnapshot(environment, task: task, stores: stores, databases: databases)
        } catch {
            throw StreamsError.state("opening a snapshot", task: task, error)
        }
    }

    /// What is committed now; throws `stateStoreMigrated` once the task is closed.
    package func snapshot() throws -> StateSnapshot {
        do throws(LMDBError) {
            return StateSnapshot(
                try environment.read(), task: task, stores: stores, databases: databases, metadata: metadata,
                view: views.open(at: SystemClock().now()))
        } catch {
            throw StreamsError.state("opening a snapshot", task: task, error)
        }
    }
}
