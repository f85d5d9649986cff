import Foundation

/// Where the recordings are: the whole corpus beside the project if it is there, else the project's own sample of it.
///
/// `SWIFTWATER_GOLDEN` names the folder of the whole corpus; without it `shared/golden` is looked for in the folders above.
enum GoldenCorpus {
    /// One hand-written sequence of each topology.
    static let sample = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")

    static let whole: URL? = {
        if let path = ProcessInfo.processInfo.environment["SWIFTWATER_GOLDEN"] { return URL(filePath: path) }
        var folder = URL(filePath: #filePath)
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let golden = folder.appending(path: "shared/golden")
            if FileManager.default.fileExists(atPath: golden.path) { return golden }
        }
        return nil
    }()

    /// The files to run, by the names of their cases: `topology.sequence`.
    static let files: [String: URL] = {
        var files: [String: URL] = [:]
        let enumerator = FileManager.default.enumerator(at: whole ?? sample, includingPropertiesForKeys: nil)
        while let file = enumerator?.nextObject() as? URL {
            if file.pathExtension == "json" { files[file.deletingPathExtension().lastPathComponent] = file }
        }
        return files
    }()

    static let names = files.keys.sorted()

    /// The names of the cases whose topology is written down here.
    static let covered = names.filter { GoldenTopologies.byName[topology(of: $0)] != nil }

    /// The topologies of the corpus that are not written down here.
    static let uncoveredTopologies = Set(names.map(topology)).filter { GoldenTopologies.byName[$0] == nil }.sorted()

    static func topology(of name: String) -> String { String(name.prefix { $0 != "." }) }

    static func load(_ name: String) throws -> GoldenCase {
        guard let file = files[name] else { throw CocoaError(.fileNoSuchFile) }
        return try JSONDecoder().decode(GoldenCase.self, from: Data(contentsOf: file))
    }
}
