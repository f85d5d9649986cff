/// What became of one message.
package struct Delivery: Sendable {
    /// What the owner gave to `produce`.
    package var token: UInt64
    package var topic: TopicHandle
    package var partition: Int32
    /// Where the message stands; -1 if it failed, and after a retry that the broker recognised as a duplicate.
    package var offset: Int64
    /// Nil for a success. After an abort or purge the codes with `isPurge` are no news.
    package var code: KafkaErrorCode?
    /// What was to be delivered, of a failure that is no purge.
    package var message: UndeliveredMessage?

    package var error: KafkaError? {
        code.map { KafkaError($0, operation: "deliver a message") }
    }
}
