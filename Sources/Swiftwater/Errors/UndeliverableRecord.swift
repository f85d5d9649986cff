/// What `RecordOutput.send` throws when one record cannot be sent and others still can; the sink asks the handler then.
package struct UndeliverableRecord: Error {
    /// What the client library said.
    package var cause: any Error
    /// Whether sending again may help.
    package var isRetriable: Bool

    package init(cause: any Error, isRetriable: Bool) {
        self.cause = cause
        self.isRetriable = isRetriable
    }
}
