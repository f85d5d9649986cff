/// A topic between two sub-topologies, through which records reach the task of their new key.
package struct RepartitionTopic: Sendable, Hashable {
    /// The name without the application id, such as `counts-repartition`.
    package var name: String
    /// The count that the user asked for; nil follows the sources (S-80).
    package var partitionCount: Int32?

    /// Whether it takes the count of what the sub-topology that reads it reads beside it, and no part in finding that: the
    /// topics of a foreign-key join.
    package var isFollower = false

    package func topic(applicationID: String) -> String { "\(applicationID)-\(name)" }
}
