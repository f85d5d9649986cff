internal import AsyncHTTPClient
internal import NIOCore

extension HTTPClient {
    /// What all registry clients share that bring none of their own; it lives as long as the process.
    static let registry: HTTPClient = {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .follow(max: 3, allowCycles: false),
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(5))
        )
        // A registry that refuses connections is left for the next one at once; attempts are counted by us.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
    }()
}
