import Foundation
import Testing

@Suite(.integration) struct WordCountTests {
    /// The licence text where Debian has it, else the project's own README.
    static let text: String = {
        let licence = "/usr/share/common-licenses/GPL-3"
        return FileManager.default.fileExists(atPath: licence)
            ? licence : Programs.package.appending(path: "README.md").path
    }()

    @Test(.timeLimit(.minutes(3))) func `every word of a file is counted as a shell pipeline counts it`() async throws {
        try await TestCluster.with { cluster in
            // Own names in any case: on a cluster that was given, others may count words too.
            var arguments = [
                "--all", "--application-id", cluster.group("word-count"), "--lines", cluster.newTopicName("lines"),
                "--counts", cluster.newTopicName("counts"), Self.text,
            ]
            if let given = TestCluster.given { arguments += ["--bootstrap-servers", given] }
            let counted = try await ChildProcess.run(
                try Programs.wordCount, arguments, limit: .seconds(150))
            #expect(counted.status == 0, "\(counted.error.joined(separator: "\n"))")
            let pipeline = """
                LC_ALL=C tr -cs 'A-Za-z' '\\n' < '\(Self.text)' | LC_ALL=C tr A-Z a-z | grep . | LC_ALL=C sort | uniq -c \
                | awk '{ print $2 " " $1 }'
                """
            let expected = try await ChildProcess.run(URL(filePath: "/bin/sh"), ["-c", pipeline])
            #expect(expected.output.count > 100)
            #expect(counted.output.sorted() == expected.output.sorted())
            let total = expected.output.reduce(0) { $0 + (Int($1.split(separator: " ").last ?? "") ?? 0) }
            #expect(counted.error.contains { $0.contains(" \(total) words, \(expected.output.count) different;") })
        }
    }
}
