import Foundation
public import Logging

extension EmbeddedBroker {
    /// What a broker is started with.
    public struct Configuration: Sendable {
        /// Where topics and offsets live; nil is a temporary directory that shutdown removes.
        public var dataDirectory: String?
        /// The address to listen on.
        public var host = "127.0.0.1"
        /// 0 takes any free port.
        public var port = 0
        /// The name that clients are told to connect to; nil is the host.
        public var advertisedHost: String?
        /// Whether asking for a missing topic creates it. Off, so that missing topics show.
        public var autoCreateTopics = false
        /// The partition count of topics that are created without one.
        public var defaultPartitions = 1
        /// Whether a produce is answered only after fdatasync; without, it survives `kill -9` but not a power failure.
        public var fsync = false
        /// The longest request accepted, in bytes (`socket.request.max.bytes`).
        public var maximumRequestBytes = 100 << 20
        /// How often topics are looked through for records that are too old or too many (`log.retention.check.interval.ms`).
        public var retentionInterval = Duration.seconds(300)
        /// How often compacted topics are looked through for work (`log.cleaner.backoff.ms`).
        public var compactionInterval = Duration.seconds(15)
        /// The time by which records grow old, in milliseconds since 1970; for tests.
        public var clock: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }
        /// Warnings about clients and files go here.
        public var logger = Logger(label: "swiftwater.broker")

        /// Any free port of the loopback interface, unless told otherwise.
        public init(dataDirectory: String? = nil, port: Int = 0) {
            self.dataDirectory = dataDirectory
            self.port = port
        }
    }
}
