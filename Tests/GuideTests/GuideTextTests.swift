// Code in the README and the guides is compiled and run: each Swift block there must stand, line by line, in a file of
// Examples/, and what stands there is run by a test. Change one and this test says which other to change.

import Foundation
import Testing

@Suite struct GuideTextTests {
    private static let package = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The README and every page of the documentation, by name.
    static let pages: [String] = {
        let pages = "Sources/Swiftwater/Swiftwater.docc"
        let names = FileManager.default.subpaths(atPath: package.appending(path: pages).path) ?? []
        return ["README.md"] + names.filter { $0.hasSuffix(".md") }.sorted().map { "\(pages)/\($0)" }
    }()

    @Test(arguments: pages) func `the code of a page is compiled and run`(page: String) throws {
        let examples = try Self.examples()
        let text = try String(contentsOf: Self.package.appending(path: page), encoding: .utf8)
        for block in Self.blocks(of: text) {
            let isThere = examples.contains { Self.contains($0, block) }
            #expect(isThere, "not in Tests/GuideTests/Examples:\n\(block.joined(separator: "\n"))")
        }
    }

    @Test func `the guides have code at all`() throws {
        let count = try Self.pages.reduce(0) { count, page in
            let text = try String(contentsOf: Self.package.appending(path: page), encoding: .utf8)
            return count + Self.blocks(of: text).count
        }
        #expect(count >= 30)
    }

    /// The lines of each example file that count.
    private static func examples() throws -> [[String]] {
        let folder = package.appending(path: "Tests/GuideTests/Examples")
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).map { file in
            lines(try String(contentsOf: file, encoding: .utf8))
        }
    }

    private static func blocks(of text: String) -> [[String]] {
        text.components(separatedBy: "```swift\n").dropFirst().map { rest in
            lines(rest.components(separatedBy: "```").first ?? "")
        }
    }

    /// Without indentation, empty lines, and imports, which an example has at its top.
    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("import ") }
    }

    private static func contains(_ lines: [String], _ block: [String]) -> Bool {
        guard let first = block.first, lines.count >= block.count else { return false }
        return lines.indices.dropLast(block.count - 1).contains { start in
            lines[start] == first && lines[start..<start + block.count].elementsEqual(block)
        }
    }
}
