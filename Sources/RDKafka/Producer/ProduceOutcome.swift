/// Whether a message was taken.
package enum ProduceOutcome: Sendable {
    case queued
    /// The producer holds as much as it may: poll, then produce again.
    case queueFull
}
