import Foundation

/// What goes on, on standard error; how far a part is only where somebody watches.
struct Progress {
    private static let isWatched = isatty(STDERR_FILENO) == 1

    private let total: Int
    private let step: Int
    private var next: Int

    init(total: Int) {
        self.total = total
        step = max(1, total / 100)
        next = step
    }

    static func note(_ line: String, ending: String = "\n") {
        FileHandle.standardError.write(Data((line + ending).utf8))
    }

    mutating func reached(_ count: Int) {
        guard Self.isWatched, count >= next else { return }
        next = count + step
        Self.note("\r\(count) of \(total)\u{1B}[K\r", ending: "")
    }
}
