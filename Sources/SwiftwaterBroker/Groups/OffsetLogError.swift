/// Why the offset log could not be read or written.
struct OffsetLogError: Error, Equatable, CustomStringConvertible {
    var operation: String
    var path: String
    var errno: Int32
    var reason: String

    var description: String { "offset log: cannot \(operation) \(path): \(reason) (errno \(errno))" }
}
