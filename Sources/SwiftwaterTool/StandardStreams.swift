import Foundation

/// Bytes to stdout, lines to stderr.
enum StandardStreams {
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    static func write(_ bytes: [UInt8]) throws {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw ToolError("could not write to standard output: \(String(cString: strerror(errno)))")
            }
            start += count
        }
    }

    static func print(_ line: String) throws {
        try write(Array(line.utf8) + [UInt8(ascii: "\n")])
    }

    static func note(_ line: String, ending: String = "\n") {
        FileHandle.standardError.write(Data((line + ending).utf8))
    }
}
