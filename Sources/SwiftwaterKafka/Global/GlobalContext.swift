internal import Foundation
internal import Logging
internal import Metrics
internal import RDKafka
internal import Swiftwater

/// What the global thread is given.
struct GlobalContext: Sendable {
    let topology: Topology
    let configuration: StreamsConfiguration
    let directory: StateDirectory
    let admin: Admin
    let tables: GlobalTables
    let processID: String
    let logger: Logger
    let metrics: any MetricsFactory
    /// Tells the application where the thread stands.
    let report: @Sendable (ThreadEvent) -> Void
    /// Has the stream threads ended because of an error.
    let interrupt: @Sendable (any Error) -> Void

    /// Starts the thread.
    func launch() {
        let thread = Thread { [self] in
            do {
                try GlobalThread(self).run()
                report(.ended(nil))
            } catch {
                report(.ended(error))
            }
        }
        thread.name = GlobalThread.taskName
        thread.stackSize = 8 << 20
        thread.start()
    }
}
