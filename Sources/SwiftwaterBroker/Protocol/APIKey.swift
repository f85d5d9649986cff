// The requests this broker knows and the versions it speaks.
//
// The minima stay where librdkafka looks for features: it compares its own old ranges with ours, and a broker without Produce 0
// is silently taken for one that cannot compress. The maxima stay below the versions that name topics by id.

package enum APIKey: Int16, Sendable, CaseIterable {
    case produce = 0
    case fetch = 1
    case listOffsets = 2
    case metadata = 3
    case offsetCommit = 8
    case offsetFetch = 9
    case findCoordinator = 10
    case joinGroup = 11
    case heartbeat = 12
    case leaveGroup = 13
    case syncGroup = 14
    case describeGroups = 15
    case listGroups = 16
    case saslHandshake = 17
    case apiVersions = 18
    case createTopics = 19
    case deleteTopics = 20
    case deleteRecords = 21
    case initProducerID = 22
    case offsetForLeaderEpoch = 23
    case addPartitionsToTransaction = 24
    case addOffsetsToTransaction = 25
    case endTransaction = 26
    case transactionOffsetCommit = 28
    case describeConfigs = 32
    case alterConfigs = 33
    case createPartitions = 37
    case deleteGroups = 42
    case incrementalAlterConfigs = 44
    case offsetDelete = 47
    case describeCluster = 60

    /// What is advertised when a handler is registered for the key.
    package var versions: ClosedRange<Int16> {
        switch self {
        case .produce: 0...9
        case .fetch: 0...12
        case .listOffsets: 0...6
        case .metadata: 0...9
        case .offsetCommit: 0...8
        case .offsetFetch: 1...7
        case .findCoordinator: 0...4
        case .joinGroup: 0...9
        case .heartbeat: 0...4
        case .leaveGroup: 0...5
        case .syncGroup: 0...5
        case .describeGroups: 0...5
        case .listGroups: 0...4
        case .saslHandshake: 0...1
        case .apiVersions: 0...3
        case .createTopics: 0...6
        case .deleteTopics: 0...5
        case .deleteRecords: 0...2
        case .initProducerID: 0...4
        case .offsetForLeaderEpoch: 0...4
        case .addPartitionsToTransaction: 0...3
        case .addOffsetsToTransaction: 0...3
        case .endTransaction: 0...3
        case .transactionOffsetCommit: 0...3
        case .describeConfigs: 0...4
        case .alterConfigs: 0...2
        case .createPartitions: 0...3
        case .deleteGroups: 0...2
        case .incrementalAlterConfigs: 0...1
        case .offsetDelete: 0...0
        case .describeCluster: 0...1
        }
    }

    /// The first version with compact lengths and tagged fields; nil if there is none yet.
    package var firstFlexibleVersion: Int16? {
        switch self {
        case .produce: 9
        case .fetch: 12
        case .listOffsets: 6
        case .metadata: 9
        case .offsetCommit: 8
        case .offsetFetch: 6
        case .findCoordinator: 3
        case .joinGroup: 6
        case .heartbeat: 4
        case .leaveGroup: 4
        case .syncGroup: 4
        case .describeGroups: 5
        case .listGroups: 3
        case .saslHandshake: nil
        case .apiVersions: 3
        case .createTopics: 5
        case .deleteTopics: 4
        case .deleteRecords: 2
        case .initProducerID: 2
        case .offsetForLeaderEpoch: 4
        case .addPartitionsToTransaction: 3
        case .addOffsetsToTransaction: 3
        case .endTransaction: 3
        case .transactionOffsetCommit: 3
        case .describeConfigs: 4
        case .alterConfigs: 2
        case .createPartitions: 2
        case .deleteGroups: 2
        case .incrementalAlterConfigs: 1
        case .offsetDelete: nil
        case .describeCluster: 0
        }
    }

    package func isFlexible(_ version: Int16) -> Bool {
        firstFlexibleVersion.map { version >= $0 } ?? false
    }
}
