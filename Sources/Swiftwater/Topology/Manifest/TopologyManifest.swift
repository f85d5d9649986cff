/// What of a topology outlives a process: its stores, internal topics and the tasks they belong to, to be kept beside a release (TP-09).
///
/// Write one with every release, and compare the next topology with it before that is deployed: ``TopologyUpgrade`` says which
/// stores and topics are kept and where state is lost. Kafka Streams has no counterpart.
///
/// ```swift
/// try topology.manifest().json().write(toFile: "topology.json", atomically: true, encoding: .utf8)
/// ```
public struct TopologyManifest: Sendable, Hashable, Codable {
    /// A connected part of the topology: a task is one partition of it.
    public struct Subtopology: Sendable, Hashable, Codable {
        /// The number, which begins the names of its tasks and of their folders.
        public var id: Int
        /// Whether it fills global tables, in every instance, and has no tasks.
        public var isGlobal: Bool
        /// The topics that it reads and the application does not write, by name.
        public var sources: [String]
        /// The patterns whose topics it reads besides; nil if there are none.
        public var patterns: [String]?
        /// The repartition topics that it reads, without the application id.
        public var repartitionTopics: [String]
        /// Its operators, by name, in the order of the topology.
        public var nodes: [String]
    }

    /// A store, and the changelog that backs it.
    public struct Store: Sendable, Hashable, Codable {
        /// The store's name.
        public var name: String
        /// Whether the library numbered the name, so that another operator before it would give it another.
        public var isNameGenerated: Bool
        /// What kind of store it is, such as `timestampedKeyValue`.
        public var kind: String
        /// How its bytes lie on disk; stores with different layouts cannot read each other.
        public var layout: String
        /// How long it keeps what it has, in milliseconds; nil keeps all.
        public var retention: Int64?
        /// The type of the keys, where it is known.
        public var keyType: String?
        /// The type of the values, where it is known.
        public var valueType: String?
        /// The changelog without the application id, such as `counts-changelog`; nil if the store has none of its own.
        public var changelog: String?
        /// The topic that it is restored from instead of a changelog; nil if there is none.
        public var sourceTopic: String?
        /// The sub-topology whose tasks have it.
        public var subtopology: Int
        /// The operators that use it, by name.
        public var nodes: [String]
    }

    /// A topic between sub-topologies.
    public struct RepartitionTopic: Sendable, Hashable, Codable {
        /// The name without the application id, such as `counts-repartition`.
        public var name: String
        /// Whether the library numbered the name.
        public var isNameGenerated: Bool
        /// The count that was asked for; nil follows the sources.
        public var partitionCount: Int32?
        /// The sub-topologies that write it.
        public var writers: [Int]
        /// The sub-topologies that read it.
        public var readers: [Int]
    }

    /// The version of the manifest's own form.
    public static let currentFormat = 1

    /// The version of the form it was written in.
    public var format: Int
    /// By number.
    public var subtopologies: [Subtopology]
    /// In the order of the topology.
    public var stores: [Store]
    /// In the order of the topology.
    public var repartitionTopics: [RepartitionTopic]

    /// The internal topics of an application that runs the topology.
    ///
    /// A sub-topology that reads by a pattern, or that has no stores and reads several topics, has one named
    /// `<application id>-<number>-tasks` besides.
    public func internalTopics(applicationID: String) -> [String] {
        let changelogs = stores.compactMap(\.changelog)
        let tasks = subtopologies.filter { part in
            let sources = part.sources.count + part.repartitionTopics.count
            let isLedBySource = sources <= 1 || stores.contains { $0.subtopology == part.id }
            return !part.isGlobal && (part.patterns != nil || !isLedBySource)
        }.map { "\($0.id)-tasks" }
        return (changelogs + repartitionTopics.map(\.name) + tasks).map { "\(applicationID)-\($0)" }.sorted()
    }
}

extension Topology {
    /// What of the topology outlives a process.
    public func manifest() -> TopologyManifest {
        let tasks = subtopologies.map { ($0, false) } + globalParts.map { ($0, true) }
        let parts = tasks.sorted { $0.0.id < $1.0.id }
        return TopologyManifest(
            format: TopologyManifest.currentFormat,
            subtopologies: parts.map { part, isGlobal in
                TopologyManifest.Subtopology(
                    id: part.id,
                    isGlobal: isGlobal,
                    sources: part.externalTopics.sorted(),
                    patterns: part.hasPattern ? part.patterns.sorted() : nil,
                    repartitionTopics: part.repartitionTopics.sorted(),
                    nodes: part.nodes.map(\.name)
                )
            },
            stores: parts.flatMap { part, isGlobal in
                part.stores.map { store in
                    TopologyManifest.Store(
                        name: store.name,
                        isNameGenerated: generatedNames.isGenerated(store.name),
                        kind: store.kind.name,
                        layout: store.layout,
                        retention: store.kind.segments?.retention,
                        keyType: store.types?.key,
                        valueType: store.types?.value,
                        changelog: store.isLogged && !isGlobal ? "\(store.name)-changelog" : nil,
                        sourceTopic: isGlobal ? part.externalTopics.first : store.sourceTopic,
                        subtopology: part.id,
                        nodes: part.nodes.filter { $0.stores.contains(store.name) }.map(\.name)
                    )
                }
            },
            repartitionTopics: repartitionTopics.map { topic in
                TopologyManifest.RepartitionTopic(
                    name: topic.name,
                    isNameGenerated: generatedNames.isGenerated(topic.name),
                    partitionCount: topic.partitionCount,
                    writers: subtopologies.filter { $0.writes(to: topic.name) }.map(\.id),
                    readers: subtopologies.filter { $0.repartitionTopics.contains(topic.name) }.map(\.id)
                )
            }
        )
    }
}

extension Subtopology {
    fileprivate func writes(to topic: String) -> Bool {
        nodes.contains { node in
            if case .sink(let name, let isInternal) = node.kind { isInternal && name == topic } else { false }
        }
    }
}
