import Foundation

/// Where the command's words go: results to standard output, progress to standard error. A line is written whole or not at all.
enum Report {
    static func line(_ text: String) { write(text, to: STDOUT_FILENO) }
    static func note(_ text: String) { write(text, to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        let bytes = Array("\(text)\n".utf8)
        _ = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
    }
}
