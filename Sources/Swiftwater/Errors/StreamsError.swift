/// What went wrong in an application, and where: everything that somebody needs who is called at night.
///
/// One type for all of Kafka Streams' exceptions: ``code-swift.property`` tells them apart.
public struct StreamsError: Error, Sendable {
    /// The kind of an error; more kinds may be added.
    public struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The name as it stands in logs.
        public var rawValue: String

        /// Names a kind.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The name.
        public var description: String { rawValue }

        /// The topology cannot work as it was written.
        public static let invalidTopology = Code(rawValue: "invalidTopology")
        /// A setting is missing, out of range or contradicts another.
        public static let invalidConfiguration = Code(rawValue: "invalidConfiguration")
        /// A topic that the topology reads or writes does not exist.
        public static let missingTopic = Code(rawValue: "missingTopic")
        /// Topics that must have equal partition counts have not, or an internal topic has another count.
        public static let unequalPartitions = Code(rawValue: "unequalPartitions")
        /// Bytes of a record could not be read.
        public static let deserialization = Code(rawValue: "deserialization")
        /// A value could not be written as bytes.
        public static let serialization = Code(rawValue: "serialization")
        /// A record has no valid event time.
        public static let invalidTimestamp = Code(rawValue: "invalidTimestamp")
        /// A function of the topology threw.
        public static let processing = Code(rawValue: "processing")
        /// A record could not be produced.
        public static let production = Code(rawValue: "production")
        /// A state store could not be read or written.
        public static let stateStore = Code(rawValue: "stateStore")
        /// A store was asked for that does not exist, is of another type, or is not open.
        public static let invalidStateStore = Code(rawValue: "invalidStateStore")
        /// The topology has no store of the name that was asked for.
        public static let unknownStateStore = Code(rawValue: "unknownStateStore")
        /// The store was asked for in a partition that it does not have.
        public static let invalidStateStorePartition = Code(rawValue: "invalidStateStorePartition")
        /// The store is here, but restoring, suspended by a rebalance or not as far as was asked: try again.
        public static let stateStoreNotAvailable = Code(rawValue: "stateStoreNotAvailable")
        /// Another instance has the store, or this partition of it.
        public static let stateStoreMigrated = Code(rawValue: "stateStoreMigrated")
        /// A store was asked for before the application was started.
        public static let streamsNotStarted = Code(rawValue: "streamsNotStarted")
        /// A store was asked for after the application was stopped.
        public static let streamsStopped = Code(rawValue: "streamsStopped")
        /// The state directory is in use, belongs to something else, or was copied.
        public static let stateDirectory = Code(rawValue: "stateDirectory")
        /// The disk is full or failed.
        public static let disk = Code(rawValue: "disk")
        /// No broker could be reached.
        public static let brokerUnreachable = Code(rawValue: "brokerUnreachable")
        /// The task belongs to another member now; nothing of it was committed.
        public static let taskMigrated = Code(rawValue: "taskMigrated")
        /// Members with another topology hold the group.
        public static let differentPlans = Code(rawValue: "differentPlans")
        /// Offsets that the application had committed are gone, or were moved.
        public static let offsets = Code(rawValue: "offsets")
        /// Something took longer than it may.
        public static let timeout = Code(rawValue: "timeout")
        /// A call came in a state in which it cannot be answered.
        public static let invalidState = Code(rawValue: "invalidState")
        /// A rule of the library itself was broken: please report it.
        public static let `internal` = Code(rawValue: "internal")
    }

    /// Where it happened; what is not known is nil.
    public struct Place: Sendable, Hashable {
        /// The task, such as `0_3`.
        public var task: String?
        /// The node of the topology.
        public var node: String?
        /// The state store.
        public var store: String?
        /// The topic.
        public var topic: String?
        /// The partition.
        public var partition: Int32?
        /// The offset of the record.
        public var offset: Int64?

        /// Creates a place from what is known.
        public init(
            task: String? = nil,
            node: String? = nil,
            store: String? = nil,
            topic: String? = nil,
            partition: Int32? = nil,
            offset: Int64? = nil
        ) {
            self.task = task
            self.node = node
            self.store = store
            self.topic = topic
            self.partition = partition
            self.offset = offset
        }
    }

    /// The kind of error.
    public var code: Code
    /// What happened and what to do about it.
    public var message: String
    /// Where it happened.
    public var place: Place
    /// What was thrown underneath.
    public var cause: (any Error)?

    /// Creates an error.
    public init(_ code: Code, _ message: String, at place: Place = Place(), cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.place = place
        self.cause = cause
    }
}

extension StreamsError: CustomStringConvertible {
    /// One line: kind, message, place and cause.
    public var description: String {
        var text = "\(code): \(message)"
        if place != Place() { text += " [\(place)]" }
        if let cause { text += " (cause: \(cause))" }
        return text
    }
}

extension StreamsError.Place: CustomStringConvertible {
    /// What is known, such as `task 0_3, topic orders-3 at offset 17`.
    public var description: String {
        var parts: [String] = []
        if let task { parts.append("task \(task)") }
        if let node { parts.append("node \(node)") }
        if let store { parts.append("store \(store)") }
        if let topic {
            parts.append("topic \(topic)\(partition.map { "-\($0)" } ?? "")\(offset.map { " at offset \($0)" } ?? "")")
        } else if let partition {
            parts.append("partition \(partition)")
        }
        return parts.joined(separator: ", ")
    }
}
