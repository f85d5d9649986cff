import Foundation
import Glibc
import Synchronization

/// Opens connections to a port, one after the other and each open for a moment, until it is told to stop.
final class ConnectingThread: Sendable {
    private let port: Int
    private let state = Mutex((connected: 0, isStopped: false))

    init(port: Int) {
        self.port = port
        Thread { [self] in run() }.start()
    }

    var connected: Int { state.withLock { $0.connected } }
    func stop() { state.withLock { $0.isStopped = true } }

    private func run() {
        var open: [Int32] = []
        while !state.withLock({ $0.isStopped }) {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            guard descriptor >= 0 else { break }
            open.append(descriptor)
            if open.count > 20 { close(open.removeFirst()) }
            if connectToPort(descriptor) { state.withLock { $0.connected += 1 } }
            usleep(300)
        }
        for descriptor in open { close(descriptor) }
    }

    private func connectToPort(_ descriptor: Int32) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
