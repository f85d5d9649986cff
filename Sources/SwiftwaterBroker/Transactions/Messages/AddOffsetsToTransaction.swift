package struct AddOffsetsToTransactionRequest: APIRequest {
    package static let apiKey = APIKey.addOffsetsToTransaction
    package typealias Response = AddOffsetsToTransactionResponse

    var transactionalID: String
    var producer: Transaction.Producer
    var groupID: String

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        transactionalID = try reader.string()
        producer = Transaction.Producer(id: try reader.int64(), epoch: try reader.int16())
        groupID = try reader.string()
        try reader.taggedFields()
    }
}

package struct AddOffsetsToTransactionResponse: APIResponse {
    var error: ErrorCode

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        writer.int32(0)
        writer.error(error.told(version, fencedSince: 2))
        writer.taggedFields()
    }
}
