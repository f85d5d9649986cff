/// A topic between two sub-topologies, through which records reach the task of their new key.
package struct RepartitionTopic: Sendable, Hashable {
    /// The name without the application id, such as `counts-repartition`.
    package var name: String
    /// The count that the user asked for; nil follows the sources (S-80).
    package var partitionCount: Int32?

    package func topic(applicationID: String) -> String { "\(applicationID)-\(name)" }
}
