internal import CLMDB

/// The open read transactions; LMDB shows its table as text only, a line each: process, thread, transaction number.
enum ReaderTable {
    /// The commits that readers look at; a resting reader has a slot but no number and is left out.
    static func numbers(_ environment: OpaquePointer) -> [Int] {
        var text = ""
        unsafe withUnsafeMutablePointer(to: &text) { text in
            _ = unsafe mdb_reader_list(
                environment,
                { line, context in
                    guard let line = unsafe line, let context = unsafe context else { return 0 }
                    unsafe context.assumingMemoryBound(to: String.self).pointee += String(cString: line)
                    return 0
                },
                text
            )
        }
        // The heading's last word is no number.
        return text.split(separator: "\n").compactMap { line in
            line.split(separator: " ").last.flatMap { Int($0) }
        }
    }
}
