import Foundation

/// The lines of a file descriptor, read in a way that a caller with other work is not blocked for long.
struct LineReader {
    enum Outcome: Equatable {
        case line([UInt8])
        case nothingYet
        case end
    }

    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    private var searched = 0
    private var ended = false

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// The next line without its end (`\n` or `\r\n`); a last line needs none.
    mutating func next(waitingMilliseconds: Int32) throws -> Outcome {
        while true {
            if let end = buffer[max(start, searched)...].firstIndex(of: UInt8(ascii: "\n")) {
                var line = Array(buffer[start..<end])
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                start = end + 1
                searched = start
                return .line(line)
            }
            searched = buffer.count
            if ended {
                guard start < buffer.count else { return .end }
                defer { start = buffer.count }
                return .line(Array(buffer[start...]))
            }
            guard try fill(waitingMilliseconds) else { return .nothingYet }
        }
    }

    private mutating func fill(_ milliseconds: Int32) throws -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let ready = poll(&request, 1, milliseconds)
        if ready == 0 || (ready < 0 && errno == EINTR) { return false }
        buffer.removeFirst(start)
        searched -= start
        start = 0
        let chunk = 65_536
        let room = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: chunk))
        let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress?.advanced(by: room), chunk) }
        let failure = errno
        buffer.removeLast(chunk - max(0, count))
        if count < 0 {
            if failure == EINTR || failure == EAGAIN { return false }
            throw ToolError("could not read standard input: \(String(cString: strerror(failure)))")
        }
        ended = count == 0
        return true
    }
}
