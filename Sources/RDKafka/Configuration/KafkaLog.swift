/// One line of librdkafka's own log.
package struct KafkaLog: Sendable {
    /// Syslog severity: 0 emergency … 3 error, 4 warning, 5 notice, 6 info, 7 debug.
    package var level: Int
    /// The part of librdkafka that speaks, such as `FAIL` or `REQTMOUT`.
    package var facility: String
    package var text: String
}
