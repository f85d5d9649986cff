// Exactly-once, shown by breaking things: the command starts a broker and workers of a reference application, feeds them numbered
// records, kills, freezes, cuts and fills what it can meanwhile, and compares at the end what came out with what must have.
//
// Broker and workers are this program too: a first argument that no user needs says which. So one binary is enough, and a child
// that loses its parent ends itself.

import ArgumentParser

@main enum SwiftwaterTorture {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        let rest = Array(arguments.dropFirst())
        switch arguments.first {
        case BrokerCommand.role: await BrokerCommand.main(rest)
        case WorkerCommand.role: await WorkerCommand.main(rest)
        case CrashCommand.role: CrashCommand.main(rest)
        default: TortureCommand.main(Array(arguments))
        }
    }
}
