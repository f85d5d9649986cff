import Foundation
import Glibc

/// A compacted file that is to take the place of the segments from its base to before its end.
struct SegmentSwap {
    var base: Int64
    var end: Int64

    /// nil if the name is not one of a swap.
    init?(name: String) {
        guard name.hasSuffix(".swap") else { return nil }
        let ends = name.dropLast(5).split(separator: "-").compactMap { Int64($0) }
        guard ends.count == 2 else { return nil }
        base = ends[0]
        end = ends[1]
    }

    init(base: Int64, end: Int64) {
        self.base = base
        self.end = end
    }

    /// May be done again at any point: the file's own name goes last.
    func complete(in directory: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
            guard name.hasSuffix(".log"), let offset = Int64(name.dropLast(4)), offset > base, offset < end else {
                continue
            }
            guard unlink("\(directory)/\(name)") == 0 else { throw SegmentWriter.failure("remove", name) }
        }
        let swap = "\(directory)/\(Segment.name(base))-\(Segment.name(end)).swap"
        guard rename(swap, "\(directory)/\(Segment.name(base)).log") == 0 else {
            throw SegmentWriter.failure("rename", swap)
        }
    }

    /// Removes what compactions left unfinished and finishes what they decided. Before the segments are opened.
    static func recover(in directory: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
            if name.hasSuffix(".cleaned") { unlink("\(directory)/\(name)") }
            try SegmentSwap(name: name)?.complete(in: directory)
        }
    }
}
