// What Swiftwater does a second, beside what librdkafka alone does on the same machine with the same records.
//
// The command makes a topic of records, then measures one part after the other, each in a process of its own, so that no
// part inherits another's memory or threads. The broker is a further process, unless a cluster is named. All of them are this
// program: a first argument that no user gives says which. (As subcommands they would lose their options to the command's own.)

import ArgumentParser

@main enum SwiftwaterBench {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        switch arguments.first {
        case BrokerCommand.role: await BrokerCommand.main(Array(arguments.dropFirst()))
        case PartCommand.role: await PartCommand.main(Array(arguments.dropFirst()))
        default: await BenchCommand.main(Array(arguments))
        }
    }
}
