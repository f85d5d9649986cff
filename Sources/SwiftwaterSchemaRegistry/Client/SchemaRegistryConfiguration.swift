/// Where a schema registry is and how long it is waited for.
public struct SchemaRegistryConfiguration: Sendable {
    /// The URLs of the registries of a cluster, such as `http://registry:8081`; each call goes to the one that answered last, then to the others.
    public var urls: [String]
    /// How requests prove who sends them; nil sends none.
    public var authentication: SchemaRegistryAuthentication?
    /// How long one registry may take for one answer.
    public var requestTimeout: Duration = .seconds(5)
    /// How long a call may take with all its attempts.
    ///
    /// It bounds how long a stream thread stands still for a schema that it has not seen; keep it well below `max.poll.interval.ms`.
    public var timeout: Duration = .seconds(30)
    /// How often all registries are tried again when none gave an answer (no connection, no answer in time, status 5xx or 429).
    public var retries = 3
    /// How long a call waits before the first of these rounds; each further wait is twice as long, and up to a fifth of it is chance.
    public var retryBackoff: Duration = .milliseconds(200)
    /// How long a call waits between two rounds at most.
    public var maximumRetryBackoff: Duration = .seconds(5)
    /// How many bytes an answer may have; a longer one is an error. A registry keeps a schema in one record, of 1 MiB if nobody changed that.
    public var maximumAnswerSize = 2 * 1024 * 1024

    /// Creates a configuration.
    public init(urls: [String], authentication: SchemaRegistryAuthentication? = nil) {
        self.urls = urls
        self.authentication = authentication
    }
}
