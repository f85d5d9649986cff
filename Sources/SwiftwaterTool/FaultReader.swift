import Foundation
import SwiftwaterBroker

/// Makes the lines of standard input faults of the broker, each answered by a line on standard output.
struct FaultReader: Sendable {
    var faults: BrokerFaults

    /// Reads until the input ends, on a thread of its own.
    func start() {
        Thread {
            while let line = readLine() {
                guard (try? StandardStreams.print(answer(to: line))) != nil else { return }
            }
        }.start()
    }

    private func answer(to line: String) -> String {
        do {
            return faults.apply(try FaultCommand(line)).map { "ok \($0)" } ?? "ok"
        } catch {
            return "error \(error)"
        }
    }
}
