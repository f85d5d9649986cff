/// What the partitions of a store answered; the counterpart of `StateQueryResult` (KIP-796).
public struct StateQueryResult<Answer> {
    /// What one partition answered, or why it did not.
    public struct Partition {
        /// The number of the partition.
        public var partition: Int32
        /// Whether the copy that answered was the active one.
        public var isActive: Bool
        /// What the answer has the effects of; empty where there is none.
        public var position: Position
        /// The answer.
        public var outcome: Result<Answer, QueryFailure>
    }

    /// By number. Partitions that other instances have are here only if they were asked for.
    public let partitions: [Partition]

    package init(_ partitions: [Partition]) {
        self.partitions = partitions.sorted { $0.partition < $1.partition }
    }

    /// The answers by partition.
    public var answers: [Int32: Answer] {
        var answers: [Int32: Answer] = [:]
        for entry in partitions { if case .success(let answer) = entry.outcome { answers[entry.partition] = answer } }
        return answers
    }

    /// Why partitions did not answer.
    public var failures: [Int32: QueryFailure] {
        var failures: [Int32: QueryFailure] = [:]
        for entry in partitions {
            if case .failure(let failure) = entry.outcome { failures[entry.partition] = failure }
        }
        return failures
    }

    /// What all answers together have the effects of: the bound for a query that is to see no less.
    public var position: Position {
        partitions.reduce(into: Position()) { $0.merge($1.position) }
    }

    /// The answer of the one partition that was asked, as it is for a key (`getOnlyPartitionResult`).
    ///
    /// - Throws: ``StreamsError`` with the partition's failure, or `invalidState` if several partitions were asked, or none.
    public var onlyAnswer: Answer {
        get throws {
            guard partitions.count == 1 else {
                throw StreamsError(
                    .invalidState, "\(partitions.count) partitions were asked, not one: look at `partitions`")
            }
            return try partitions[0].answer
        }
    }

    /// All answers, by partition; throws the first failure.
    public var allAnswers: [Answer] {
        get throws { try partitions.map { try $0.answer } }
    }
}

extension StateQueryResult.Partition {
    /// The answer; throws the failure as a ``StreamsError``.
    public var answer: Answer {
        get throws {
            switch outcome {
            case .success(let answer): return answer
            case .failure(let failure): throw failure.error
            }
        }
    }
}

extension StateQueryResult: Sendable where Answer: Sendable {}
extension StateQueryResult.Partition: Sendable where Answer: Sendable {}
