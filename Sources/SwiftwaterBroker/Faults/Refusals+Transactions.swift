extension AddPartitionsToTransactionRequest: RefusableRequest {
    var topicNames: [String] { topics.map(\.name) }

    func refusal(_ error: ErrorCode) -> AddPartitionsToTransactionResponse? {
        AddPartitionsToTransactionResponse(
            topics: topics.map { topic in
                (name: topic.name, partitions: topic.partitions.map { (index: $0, error: error) })
            })
    }
}

extension AddOffsetsToTransactionRequest: RefusableRequest {
    func refusal(_ error: ErrorCode) -> AddOffsetsToTransactionResponse? {
        AddOffsetsToTransactionResponse(error: error)
    }
}

extension EndTransactionRequest: RefusableRequest {
    func refusal(_ error: ErrorCode) -> EndTransactionResponse? { EndTransactionResponse(error: error) }
}

extension TransactionOffsetCommitRequest: RefusableRequest {
    var topicNames: [String] { topics.map(\.name) }

    func refusal(_ error: ErrorCode) -> TransactionOffsetCommitResponse? {
        TransactionOffsetCommitResponse(
            topics: topics.map { topic in
                (name: topic.name, partitions: topic.partitions.map { (index: $0.index, error: error) })
            })
    }
}
