// Faults as lines of text, for a broker in another process:
//
//   refuse 6 api=Produce topic=counts count=3
//   misreport 46 api=Produce count=1
//   delay 500ms client=app-
//   cut api=Fetch count=1
//   lose-answer api=EndTxn count=1
//   hold client=app-
//   disconnect client=app-
//   taken 1
//   clear

/// One change to the faults of a broker, written as a line.
public enum FaultCommand: Sendable {
    /// A fault is added.
    case add(BrokerFault)
    /// Open connections are cut, of the clients whose id begins so.
    case disconnect(clientID: String)
    /// The question how many requests a fault has had; it is named by the number that adding it gave.
    case taken(Int)
    /// All faults are removed.
    case clear

    /// A line that is no command, in words.
    public struct Malformed: Error, CustomStringConvertible {
        /// What is wrong with it.
        public var description: String
    }

    /// Reads a line such as `refuse 6 api=Produce topic=counts client=app- count=3`.
    ///
    /// The first word is `refuse CODE`, `misreport CODE`, `delay MILLISECONDSms`, `cut`, `lose-answer`, `hold`, `disconnect`,
    /// `taken NUMBER` or `clear`; the conditions are those of ``BrokerFault``.
    public init(_ line: String) throws(Malformed) {
        var words = line.split(separator: " ").map(String.init)
        guard !words.isEmpty else { throw Malformed(description: "an empty line") }
        let verb = words.removeFirst()
        let effect: BrokerFault.Effect
        switch verb {
        case "clear":
            guard words.isEmpty else { throw Malformed(description: "'clear' stands alone") }
            self = .clear
            return
        case "taken":
            guard words.count == 1, let number = Int(words[0]) else {
                throw Malformed(description: "'taken' needs the number of a fault")
            }
            self = .taken(number)
            return
        case "disconnect":
            let fault = try Self.conditions(words, of: .cut)
            guard fault.api == nil, fault.topic == nil, fault.count == nil else {
                throw Malformed(description: "'disconnect' can have client= only")
            }
            self = .disconnect(clientID: fault.clientID)
            return
        case "refuse": effect = .refuse(try Self.code(&words))
        case "misreport": effect = .misreport(try Self.code(&words))
        case "delay":
            let text = words.isEmpty ? "" : words.removeFirst()
            guard text.hasSuffix("ms"), let milliseconds = Int(text.dropLast(2)), milliseconds >= 0 else {
                throw Malformed(description: "'delay' needs a time such as 500ms")
            }
            effect = .delay(.milliseconds(milliseconds))
        case "cut": effect = .cut
        case "lose-answer": effect = .loseAnswer
        case "hold": effect = .hold
        default: throw Malformed(description: "'\(verb)' is no fault")
        }
        self = .add(try Self.conditions(words, of: effect))
    }

    private static func code(_ words: inout [String]) throws(Malformed) -> Int16 {
        guard let code = words.first.flatMap({ Int16($0) }) else {
            throw Malformed(description: "an error code is a number, such as 6 for NOT_LEADER_OR_FOLLOWER")
        }
        words.removeFirst()
        return code
    }

    private static func conditions(
        _ words: [String], of effect: BrokerFault.Effect
    ) throws(Malformed) -> BrokerFault {
        var fault = BrokerFault(effect)
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw Malformed(description: "'\(word)' is not of the form name=value") }
            switch parts[0] {
            case "api":
                guard let api = BrokerAPI(named: parts[1]) else {
                    throw Malformed(description: "'\(parts[1])' is no kind of request, such as Produce")
                }
                fault.api = api
            case "client": fault.clientID = parts[1]
            case "topic": fault.topic = parts[1]
            case "count":
                guard let count = Int(parts[1]), count > 0 else {
                    throw Malformed(description: "count must be a number above 0")
                }
                fault.count = count
            default: throw Malformed(description: "'\(parts[0])' is no condition: api, client, topic, count are")
            }
        }
        return fault
    }
}

extension BrokerFaults {
    /// Does what the line says.
    ///
    /// - Returns: the number of the fault that was added, or of connections that were cut, or of requests that the fault has had.
    @discardableResult
    public func apply(_ command: FaultCommand) -> Int? {
        switch command {
        case .add(let fault): return add(fault).number
        case .disconnect(let clientID): return cutConnections(clientID: clientID)
        case .taken(let number): return taken(by: ID(number: number))
        case .clear:
            removeAll()
            return nil
        }
    }
}
