/// A consumer group with its members and what each was given.
package struct GroupDescription: Sendable {
    package struct Member: Sendable {
        package var memberID: String
        package var clientID: String
        package var instanceID: String?
        package var host: String
        /// Empty outside the stable state.
        package var assignment: [TopicPartition]
    }

    package var groupID: String
    package var state: GroupState
    package var isSimple: Bool
    package var assignor: String
    package var coordinator: ClusterMetadata.Broker?
    package var members: [Member]
    package var error: KafkaError?
}
