/// Who gave a message its timestamp.
package enum TimestampType: Sendable {
    case notAvailable
    /// The producer.
    case createTime
    /// The broker, as it appended.
    case logAppendTime
}
