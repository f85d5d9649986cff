import Foundation
import Synchronization

/// Producer ids that never repeat: a block of them is noted as used before the first of it is given out.
final class ProducerIDs: Sendable {
    private static let blockSize: Int64 = 1000

    private let path: String
    private let state: Mutex<(next: Int64, end: Int64)>

    init(path: String) throws(BrokerError) {
        self.path = path
        guard FileManager.default.fileExists(atPath: path) else {
            state = Mutex((0, 0))
            return
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8), let used = Int64(text), used >= 0,
            used <= Int64.max / 2
        else {
            throw .storage(
                path: path, reason: "not a number: restore the file, or write one above all producer ids in use")
        }
        state = Mutex((used, used))
    }

    func take() throws(BrokerError) -> Int64 {
        try state.withLock { state throws(BrokerError) in
            if state.next == state.end {
                let end = state.end + Self.blockSize
                do {
                    try "\(end)".write(toFile: path, atomically: true, encoding: .utf8)
                } catch {
                    throw .storage(path: path, reason: "\(error)")
                }
                state.end = end
            }
            defer { state.next += 1 }
            return state.next
        }
    }
}
