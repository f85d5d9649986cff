import Dispatch
import Foundation
import Synchronization

/// SIGINT and SIGTERM as a flag that loops ask for. The second signal ends the process at once.
final class Interruption: Sendable {
    private let flag = Atomic(false)

    var isRequested: Bool { flag.load(ordering: .acquiring) }

    /// - Parameter wake: called on a thread of its own when the first signal comes, to end a wait.
    func listen(wake: @escaping @Sendable () -> Void = {}) -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [self] in
                if flag.exchange(true, ordering: .acquiringAndReleasing) { exit(128 + number) }
                wake()
            }
            source.activate()
            return source
        }
    }
}
