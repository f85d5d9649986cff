import NIOCore

/// What stands before every request: headers v1 and v2. The client id keeps its classic form even in v2.
package struct RequestHeader: Sendable, Equatable {
    package var apiKey: APIKey
    package var version: Int16
    package var correlationID: Int32
    package var clientID: String?

    package init(apiKey: APIKey, version: Int16, correlationID: Int32, clientID: String?) {
        self.apiKey = apiKey
        self.version = version
        self.correlationID = correlationID
        self.clientID = clientID
    }

    /// Leaves the reader at the body and in the body's form.
    ///
    /// An ApiVersions request of a version from the future is given back as it is, its body unread: it has an answer that every client
    /// understands. Any other unknown version is an error.
    package init(from reader: inout ProtocolReader) throws(ProtocolError) {
        let key = try reader.int16()
        let version = try reader.int16()
        let correlationID = try reader.int32()
        guard let apiKey = APIKey(rawValue: key) else { throw .unknownAPI(key) }
        if !apiKey.versions.contains(version) {
            guard apiKey == .apiVersions else { throw .unsupportedVersion(api: apiKey, version: version) }
            self.init(apiKey: apiKey, version: version, correlationID: correlationID, clientID: nil)
            return
        }
        let clientID = try reader.nullableString()
        reader.isFlexible = apiKey.isFlexible(version)
        try reader.taggedFields()
        self.init(apiKey: apiKey, version: version, correlationID: correlationID, clientID: clientID)
    }

    /// Writes the response header: v1 has tagged fields, except for ApiVersions, whose answer must be readable to anybody.
    package func writeResponseHeader(to writer: inout ProtocolWriter) {
        writer.int32(correlationID)
        if apiKey != .apiVersions { writer.taggedFields() }
    }

    /// Of a whole request; empty if there is none.
    static func clientID(of frame: ByteBuffer) -> String {
        var reader = ProtocolReader(frame)
        let header = try? RequestHeader(from: &reader)
        return header?.clientID ?? ""
    }
}
