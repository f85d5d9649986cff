/// Who sent a request and in which version the answer is expected.
package struct RequestContext: Sendable {
    package var header: RequestHeader
    /// The peer's address without the port, as DescribeGroups shows it.
    package var clientHost: String
    /// One number per connection of this broker's life.
    package var connectionID: Int

    package init(header: RequestHeader, clientHost: String, connectionID: Int) {
        self.header = header
        self.clientHost = clientHost
        self.connectionID = connectionID
    }

    package var clientID: String { header.clientID ?? "" }
    package var version: Int16 { header.version }
}
