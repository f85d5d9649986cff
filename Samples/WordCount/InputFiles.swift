import Foundation
import SampleSupport

/// The files whose words are counted: those named, or the licence texts that Debian has, or the project's README.
struct InputFiles {
    var paths: [String]

    init(_ named: [String]) throws {
        if !named.isEmpty {
            paths = named
            return
        }
        let licences = "/usr/share/common-licenses"
        let found = (try? FileManager.default.contentsOfDirectory(atPath: licences)) ?? []
        // Links name the newest version of a licence that is there under its own name, too.
        paths = found.sorted().map { "\(licences)/\($0)" }.filter { path in
            let kind = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
            return kind == .typeRegular
        }
        if paths.isEmpty { paths = ["README.md"] }
    }

    /// The lines of all files; a file that cannot be read is an error that names it.
    func lines() throws -> [(file: String, line: String)] {
        var lines: [(file: String, line: String)] = []
        for path in paths {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw SampleError("cannot read \(path): name files that exist and can be read")
            }
            let file = URL(filePath: path).lastPathComponent
            for line in String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: true) {
                lines.append((file, String(line)))
            }
        }
        return lines
    }
}
