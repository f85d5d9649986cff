/// Bounds and waits of consumer groups, each under the name Apache Kafka gives it where it has one.
struct GroupConfiguration: Sendable {
    /// `group.min.session.timeout.ms`. Kafka: 6 s; lower here, so that tests of failing members need not wait.
    var minimumSessionTimeout: Duration = .milliseconds(500)
    /// `group.max.session.timeout.ms`.
    var maximumSessionTimeout: Duration = .seconds(1800)
    /// `group.initial.rebalance.delay.ms`: how long an empty group waits for more members after each newcomer.
    ///
    /// Kafka: 3 s. Members of one process join within some milliseconds, and processes that are started together
    /// within about a hundred: so these get one generation instead of several, and a lone consumer hardly waits.
    var initialRebalanceDelay: Duration = .milliseconds(100)
    /// `group.max.size`. Kafka does not bound it by default; here no client may make the broker's memory grow freely.
    var maximumSize = 1000
    /// The time after which a JoinGroup of a new member is given up while the others do not come back.
    var newMemberJoinTimeout: Duration = .seconds(300)
    /// `offset.metadata.max.bytes`.
    var maximumOffsetMetadata = 4096
    /// The most bytes that one member's subscription or assignment may have.
    var maximumMemberMetadata = 1 << 20
    /// The most groups kept at a time.
    var maximumGroups = 10_000
    /// After this time a group without members and offsets is forgotten.
    var vacantGroupRetention: Duration = .seconds(600)
}
