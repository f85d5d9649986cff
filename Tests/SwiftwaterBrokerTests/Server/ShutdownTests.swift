import SwiftwaterBroker
import Testing

struct ShutdownTests {
    /// A connection that was accepted but never served once ended the process: NIO traps when a writer goes away unfinished.
    @Test(.timeLimit(.minutes(1))) func `connections that arrive while the broker shuts down do no harm`() async throws
    {
        for _ in 0..<8 {
            let broker = EmbeddedBroker()
            let port = try await broker.start()
            let callers = (0..<2).map { _ in ConnectingThread(port: port) }
            while callers.contains(where: { $0.connected < 20 }) {
                try await Task.sleep(for: .milliseconds(2))
            }
            await broker.shutdown()
            for caller in callers { caller.stop() }
        }
    }
}
