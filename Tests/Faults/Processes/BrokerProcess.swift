import Foundation

/// The embedded broker as a child, on a directory and a port that it keeps over restarts.
final class BrokerProcess {
    static let greeting = "broker listens on port "

    private let directory: WorkDirectory
    private var port = 0
    private var child: Child?
    private var lines: LogTail
    /// A named pipe that each life of the broker reads faults from.
    private let commands: String
    private let commandsDescriptor: CInt

    init(_ directory: WorkDirectory) throws {
        self.directory = directory
        lines = LogTail(directory.path("broker.out"))
        commands = directory.path("broker.in")
        guard mkfifo(commands, 0o600) == 0 else { throw TortureError("cannot make the pipe \(commands)") }
        commandsDescriptor = open(commands, O_RDWR | O_CLOEXEC)
    }

    deinit { close(commandsDescriptor) }

    /// Has the broker inflict a fault, or end them: a line as `FaultCommand` reads it.
    func command(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = bytes.withUnsafeBytes { write(commandsDescriptor, $0.baseAddress, $0.count) }
    }

    var bootstrapServers: String { "127.0.0.1:\(port)" }

    /// Returns when it listens.
    func start() throws {
        let child = try Child.ofThisProgram(
            [BrokerCommand.role, "--data", directory.path("broker"), "--port", "\(port)"],
            input: commands, output: directory.path("broker.out"), log: directory.path("broker.log"))
        self.child = child
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            for line in lines.newLines() where line.hasPrefix(Self.greeting) {
                port = Int(line.dropFirst(Self.greeting.count)) ?? 0
                return
            }
            if let status = child.poll() {
                throw TortureError("the broker ended with \(status): see \(directory.path("broker.log"))")
            }
            try Interruption.check()
            Thread.sleep(forTimeInterval: 0.01)
        }
        throw TortureError("the broker does not listen after a minute: see \(directory.path("broker.log"))")
    }

    func kill() { child?.end() }

    /// Its exit status if it has ended by itself.
    var unexpectedEnd: Int32? { child?.status == nil ? child?.poll() : nil }
}
