package struct SASLHandshakeRequest: APIRequest {
    package static let apiKey = APIKey.saslHandshake
    package typealias Response = SASLHandshakeResponse

    package var mechanism: String

    package init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError) {
        mechanism = try reader.string()
    }
}

/// This broker knows no SASL mechanism, and says so.
package struct SASLHandshakeResponse: APIResponse {
    package func write(to writer: inout ProtocolWriter, version: Int16) {
        writer.error(.unsupportedSASLMechanism)
        writer.strings([])
    }
}
