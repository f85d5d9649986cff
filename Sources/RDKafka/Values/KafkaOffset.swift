/// The offsets with a meaning of their own, as librdkafka numbers them.
package enum KafkaOffset {
    package static let beginning: Int64 = -2
    package static let end: Int64 = -1
    /// Go on from the group's committed offset.
    package static let stored: Int64 = -1000
    /// No offset is known; in an assignment, the committed one or else what `auto.offset.reset` says.
    package static let invalid: Int64 = -1001
}
