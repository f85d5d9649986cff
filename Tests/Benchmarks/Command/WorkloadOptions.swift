import ArgumentParser

/// What is in the input topic.
struct WorkloadOptions: ParsableArguments {
    @Option(help: "How many records the input topic gets.") var records = 2_000_000
    @Option(help: "How many different keys they have.") var keys = 100_000
    @Option(help: ArgumentHelp("The length of a value.", valueName: "bytes")) var valueSize = 100
    @Option(help: "How many partitions each topic gets.") var partitions = 4
    @Flag(help: "Draw keys by Zipf's law (exponent 1) instead of uniformly.") var zipf = false

    func validate() throws {
        guard records > 0 else { throw ValidationError("--records must be at least 1.") }
        guard (1...99_999_999).contains(keys) else { throw ValidationError("--keys must be from 1 to 99999999.") }
        guard (1...1_000_000).contains(valueSize) else {
            throw ValidationError("--value-size must be from 1 to 1000000.")
        }
        guard (1...1_000).contains(partitions) else { throw ValidationError("--partitions must be from 1 to 1000.") }
    }

    var summary: String {
        "\(records) records of \(valueSize) bytes, \(keys) keys \(zipf ? "by Zipf's law" : "uniformly"), "
            + "\(partitions) partitions"
    }

    /// As a child process is given them.
    var arguments: [String] {
        [
            "--records", "\(records)", "--keys", "\(keys)", "--value-size", "\(valueSize)", "--partitions",
            "\(partitions)",
        ] + (zipf ? ["--zipf"] : [])
    }
}
