/// Lets operators that repartition one stream share one topic (TP-03): which nodes are left out then, and what replaces them.
struct RepartitionMerging {
    /// A repartition as the operators asked for it.
    struct Request {
        /// The node whose records are repartitioned.
        var upstream: String
        /// Of the types that go through the topic, so that only like is merged with like.
        var types: ObjectIdentifier
        var topic: String
        var filter: String
        var sink: String
        var source: String
        /// Whether the library numbered the nodes.
        var isGenerated: Bool
    }

    /// Nodes and topics that are not written.
    private(set) var dropped: Set<String> = []
    /// Sources that became another.
    private(set) var aliases: [String: String] = [:]
    /// Nodes that are written under another name.
    private(set) var renamed: [String: String] = [:]

    init() {}

    /// - Parameters:
    ///   - requests: all repartitions that may be merged, in the order in which they were asked for.
    ///   - newNames: gives numbered names for filter, sink and source.
    init(_ requests: [Request], newNames: () -> (sink: String, filter: String, source: String)) {
        var first: [Request] = []
        for request in requests {
            if let kept = first.first(where: { $0.upstream == request.upstream && $0.types == request.types }) {
                dropped.formUnion([request.filter, request.sink, request.source])
                // A grouping may be used twice under one topic name, which stays.
                if request.topic != kept.topic { dropped.insert(request.topic) }
                aliases[request.source] = kept.source
            } else {
                first.append(request)
            }
        }
        // Kafka Streams makes the shared repartition anew, after everything else has its number.
        for kept in first where kept.isGenerated {
            let names = newNames()
            renamed[kept.filter] = names.filter
            renamed[kept.sink] = names.sink
            renamed[kept.source] = names.source
            for (source, target) in aliases where target == kept.source { aliases[source] = names.source }
        }
    }
}
