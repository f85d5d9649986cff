import Foundation

/// The embedded broker, as a child that ends when this process does.
struct BrokerProcess {
    let addresses: String
    private let process = Process()
    private let input = Pipe()

    init() throws {
        let output = Pipe()
        process.executableURL = try Executable.url()
        process.arguments = [BrokerCommand.role]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while !line.contains(UInt8(ascii: "\n")) {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw BenchError("the embedded broker did not start") }
            line.append(more)
        }
        addresses = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    /// What the broker has used of the CPU since it started.
    var cpuSeconds: Double { ProcessTimes.cpuSeconds(of: process.processIdentifier) ?? 0 }

    func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
