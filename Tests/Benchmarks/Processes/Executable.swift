import Foundation

/// This program, to be started again.
enum Executable {
    static func url() throws -> URL {
        URL(fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    }
}
