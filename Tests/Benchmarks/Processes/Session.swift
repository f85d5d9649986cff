import Foundation

/// Runs parts, each as a child process, and takes what they print.
struct Session {
    let topics: RunTopics
    let options: WorkloadOptions
    let broker: BrokerProcess?

    func measure(_ part: Part) throws -> Measurement {
        if let output = part.output { try topics.make([RunTopics.name(of: output, run: topics.run)]) }
        Progress.note("\(part.rawValue): \(part.summary)")
        let before = broker?.cpuSeconds
        var measurement = try runChild(part)
        if let before, let after = broker?.cpuSeconds {
            measurement.brokerCPUMicrosecondsPerRecord = (after - before) * 1e6 / Double(measurement.records)
        }
        Progress.note("\(part.rawValue): \(Int(measurement.recordsPerSecond)) records/s")
        try topics.removeOutputs()
        return measurement
    }

    private func runChild(_ part: Part) throws -> Measurement {
        let process = Process()
        let output = Pipe()
        process.executableURL = try Executable.url()
        process.arguments =
            [PartCommand.role, part.rawValue, "--bootstrap-servers", topics.addresses, "--run", topics.run]
            + options.arguments
        process.standardOutput = output
        try process.run()
        let answer = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw BenchError("the part '\(part.rawValue)' failed: what it said is above")
        }
        return try JSONDecoder().decode(Measurement.self, from: answer)
    }
}
