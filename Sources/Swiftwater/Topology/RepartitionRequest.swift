/// A repartition as an operator asked for it.
@usableFromInline
struct RepartitionRequest {
    /// The topic, without the application id.
    let topic: String
    /// Where it is unless it is merged with others.
    let site: RepartitionSite
    /// Whether it may be; one that the user asked for by name may not.
    let isMergeable: Bool
    /// Adds its nodes and its topic to a graph.
    let write: (StreamsGraph, RepartitionSite) -> Void

    /// What operators follow that take the repartitioned records, as long as it is not known which node gives them. No node can
    /// be called so.
    static func handle(_ index: Int) -> String { "repartition \(index)" }

    @usableFromInline
    init(
        topic: String,
        site: RepartitionSite,
        isMergeable: Bool,
        write: @escaping (StreamsGraph, RepartitionSite) -> Void
    ) {
        self.topic = topic
        self.site = site
        self.isMergeable = isMergeable
        self.write = write
    }
}

/// Where a repartition is in a topology: the names of its nodes and of those around it.
@usableFromInline
struct RepartitionSite: Sendable {
    /// The node whose records are repartitioned.
    @usableFromInline var upstream: String
    @usableFromInline var filter: String
    @usableFromInline var sink: String
    @usableFromInline var source: String
    /// Nodes that were told to follow `upstream` and follow the repartition.
    @usableFromInline var detours: [String] = []

    @usableFromInline
    init(upstream: String, filter: String, sink: String, source: String) {
        self.upstream = upstream
        self.filter = filter
        self.sink = sink
        self.source = source
    }

    /// A site whose nodes are called after the topic.
    @usableFromInline
    init(named topic: String, behind upstream: String) {
        self.init(
            upstream: upstream, filter: topic + "-filter", sink: topic + "-sink", source: topic + "-source")
    }
}
