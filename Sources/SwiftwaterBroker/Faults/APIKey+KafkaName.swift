extension APIKey {
    /// As Kafka's protocol guide calls it.
    var kafkaName: String {
        switch self {
        case .initProducerID: "InitProducerId"
        case .saslHandshake: "SaslHandshake"
        case .addPartitionsToTransaction: "AddPartitionsToTxn"
        case .addOffsetsToTransaction: "AddOffsetsToTxn"
        case .endTransaction: "EndTxn"
        case .transactionOffsetCommit: "TxnOffsetCommit"
        default: "\(self)".prefix(1).uppercased() + "\(self)".dropFirst()
        }
    }
}
