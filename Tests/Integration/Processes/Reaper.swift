import Foundation

/// Ends the children and removes the directories that are left when the test process ends, however that happens.
///
/// A shell of its own is told of every child; when the pipe to it closes, by an exit or a crash of the tests, it kills the rest.
final class Reaper: Sendable {
    static let shared = Reaper()

    private let shell: Spawn?
    private let queue = DispatchQueue(label: "reaper")

    private static let script = """
        trap '' INT TERM HUP
        children=' '
        while read -r sign what; do
          case $sign in
            +) children="$children$what " ;;
            -) children="${children%% $what *} ${children#* $what }" ;;
            d) set -- "$@" "$what" ;;
          esac
        done
        for child in $children; do kill -9 "$child" 2>/dev/null; done
        for directory in "$@"; do rm -rf "$directory"; done
        """

    private init() {
        shell = try? Spawn("/bin/sh", ["-c", Self.script, "reaper"])
    }

    func watch(process: Int32) { tell("+ \(process)") }
    func forget(process: Int32) { tell("- \(process)") }
    func watch(directory: String) { tell("d \(directory)") }

    private func tell(_ line: String) {
        queue.async { [shell] in
            if let shell { try? Spawn.write(Array("\(line)\n".utf8), to: shell.input) }
        }
    }
}
