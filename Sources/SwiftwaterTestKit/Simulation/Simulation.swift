import Logging
public import Swiftwater

/// Runs a topology on several simulated members of a simulated cluster, with everything going wrong that a seed says.
///
/// The engine and the decisions of a commit, a rebalance and a restart are those of production; Kafka, disks and the clock are models,
/// and one step of one actor happens at a time. So a run is the same for the same seed, and a crash can fall between any two steps: processes
/// are killed and started again, stopped and thawed as zombies, put out of the group, transactions time out, answers get lost.
///
/// ```swift
/// var simulation = Simulation(topology, seed: 7)
/// try simulation.input("words", key: .string, value: .string, words)
/// let outcome = try simulation.run()
/// let counts = try outcome.records(of: "counts", key: .string, value: .int64)
/// ```
///
/// At the end faults stop, the members finish, and ``run(steps:)`` throws a ``SimulationFailure`` if a store is not the fold of its
/// changelog, an offset is not at its end, or an invariant was broken on the way. What the output must be is for the caller to say.
public struct Simulation {
    /// How often a record counts.
    public enum Guarantee: Sendable {
        /// Zombies are left out: Kafka does not fence them without transactions.
        case atLeastOnce
        case exactlyOnce
    }

    private let topology: Topology
    private let seed: UInt64
    private let guarantee: Guarantee
    private let memberCount: Int
    private let partitionCount: Int32
    private let applicationID = "simulation"
    private var inputs: [CapturedRecord] = []
    package var mutation: SimulationMutation?

    /// Prepares a run.
    ///
    /// - Parameters:
    ///   - topology: what to run; without global tables.
    ///   - seed: decides everything that is left to chance.
    ///   - guarantee: how often a record counts.
    ///   - members: how many processes share the tasks.
    ///   - partitions: how many partitions each topic has.
    public init(
        _ topology: Topology, seed: UInt64, guarantee: Guarantee = .exactlyOnce, members: Int = 3, partitions: Int = 2
    ) {
        self.topology = topology
        self.seed = seed
        self.guarantee = guarantee
        memberCount = max(1, members)
        partitionCount = Int32(max(1, partitions))
    }

    /// Adds records to a topic that the topology reads; they arrive in this order, while it runs.
    public mutating func input<Key, Value>(
        _ topic: String, key: Serde<Key>, value: Serde<Value>, _ records: [Record<Key, Value>]
    ) throws {
        for record in records {
            inputs.append(
                CapturedRecord(
                    topic: topic,
                    key: try key.serialize(record.key, topic: topic, component: .key),
                    value: try value.serialize(record.value, topic: topic),
                    timestamp: record.timestamp,
                    headers: record.headers
                ))
        }
    }

    /// Runs to the end.
    ///
    /// - Parameter steps: how many steps faults happen in; more than that are taken to finish.
    /// - Throws: ``SimulationFailure``, or what the topology threw.
    public func run(steps: Int = 1_500) throws -> SimulationOutcome {
        let run = SimulationRun(
            topology: topology, applicationID: applicationID, seed: seed, guarantee: guarantee,
            members: memberCount, partitions: partitionCount, inputs: inputs, mutation: mutation)
        do {
            try run.run(steps: steps)
        } catch let broken as BrokenInvariant {
            throw SimulationFailure(seed: seed, step: run.step, message: broken.message)
        }
        return SimulationOutcome(cluster: run.cluster)
    }
}
