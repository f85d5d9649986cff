/// Why the embedded broker could not start or do its work.
public enum BrokerError: Error, Sendable, CustomStringConvertible {
    /// Another broker, perhaps in another process, has the data directory open.
    case dataDirectoryInUse(path: String)
    /// A file or directory below the data directory could not be used.
    case storage(path: String, reason: String)
    /// The address cannot be listened on, often because another program does.
    case cannotListen(host: String, port: Int, reason: String)
    /// A broker starts once; make a new one on the same directory instead.
    case alreadyStarted

    /// A sentence for people.
    public var description: String {
        switch self {
        case .dataDirectoryInUse(let path): "another broker uses \(path): stop it or choose another directory"
        case .storage(let path, let reason): "\(path): \(reason)"
        case .cannotListen(let host, let port, let reason): "cannot listen on \(host):\(port): \(reason)"
        case .alreadyStarted: "this broker was started before: make another one"
        }
    }
}
