/// What a client has to say besides messages; handed over when its owner polls.
package enum ClientEvent: Sendable {
    /// Mostly informational (a broker is away: librdkafka goes on trying); `isFatal` ones end the client.
    case failed(KafkaError)
    /// librdkafka's statistics as JSON.
    case statistics(String)
    /// A broker enforces a quota.
    case throttled(broker: String, brokerID: Int32, Duration)
}
