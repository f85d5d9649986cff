/// A request body. One file per API holds the request and its response.
package protocol APIRequest: Sendable {
    associatedtype Response: APIResponse

    static var apiKey: APIKey { get }

    /// The version is within `apiKey.versions`, and the reader stands at the body in the form (classic or flexible) of the version.
    init(from reader: inout ProtocolReader, version: Int16) throws(ProtocolError)
}

/// A response body. The writer is in the form (classic or flexible) of the version.
package protocol APIResponse: Sendable {
    func write(to writer: inout ProtocolWriter, version: Int16)
}
