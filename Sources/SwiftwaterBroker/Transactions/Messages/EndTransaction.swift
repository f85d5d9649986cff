package struct EndTransactionRequest: APIRequest {
    package static let apiKey = APIKey.endTransaction
    package typealias Response = EndTransactionResponse

    var transactionalID: String
    var producer: Transaction.Producer
    var isCommitting: Bool

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        transactionalID = try reader.string()
        producer = Transaction.Producer(id: try reader.int64(), epoch: try reader.int16())
        isCommitting = try reader.bool()
        try reader.taggedFields()
    }
}

package struct EndTransactionResponse: APIResponse {
    var error: ErrorCode

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        writer.int32(0)
        writer.error(error.told(version, fencedSince: 2))
        writer.taggedFields()
    }
}
