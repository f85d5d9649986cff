/// Why a state log could not be read or written.
struct StateLogError: Error, Equatable, CustomStringConvertible {
    var operation: String
    var path: String
    var errno: Int32
    var reason: String

    var description: String { "cannot \(operation) \(path): \(reason) (errno \(errno))" }
}
