package struct InitProducerIDRequest: APIRequest {
    package static let apiKey = APIKey.initProducerID
    package typealias Response = InitProducerIDResponse

    package var transactionalID: String?
    package var transactionTimeoutMilliseconds: Int32
    package var producerID: Int64
    package var producerEpoch: Int16

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        transactionalID = try reader.nullableString()
        transactionTimeoutMilliseconds = try reader.int32()
        producerID = version >= 3 ? try reader.int64() : -1
        producerEpoch = version >= 3 ? try reader.int16() : -1
        try reader.taggedFields()
    }
}

package struct InitProducerIDResponse: APIResponse {
    package var error: ErrorCode = .none
    package var producerID: Int64 = -1
    package var producerEpoch: Int16 = -1

    package func write(to writer: inout ProtocolWriter, version: Int16) {
        writer.int32(0)
        writer.error(error)
        writer.int64(producerID)
        writer.int16(producerEpoch)
        writer.taggedFields()
    }
}
