import Foundation
import Synchronization

/// Whether the user wants the run to end; asked wherever the director waits, so that it leaves nothing behind.
enum Interruption {
    private static let isAsked = Atomic<Bool>(false)

    static func trap() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { _ in Interruption.isAsked.store(true, ordering: .relaxed) }
        }
    }

    static func check() throws {
        if isAsked.load(ordering: .relaxed) { throw TortureError("interrupted") }
    }
}
