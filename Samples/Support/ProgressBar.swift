import Foundation

/// A line on standard error that fills up; nothing at all where that is no terminal.
package struct ProgressBar {
    private let label: String
    private let total: Int
    private let isShown = isatty(2) == 1
    private var lastPercent = -1

    package init(_ label: String, total: Int) {
        self.label = label
        self.total = max(1, total)
    }

    package mutating func show(_ done: Int) {
        let percent = min(100, done * 100 / total)
        if !isShown || percent == lastPercent { return }
        lastPercent = percent
        let filled = percent * 40 / 100
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 40 - filled)
        FileHandle.standardError.write(Data("\r\(label) \(bar) \(percent)%".utf8))
        if percent == 100 { FileHandle.standardError.write(Data("\n".utf8)) }
    }
}
