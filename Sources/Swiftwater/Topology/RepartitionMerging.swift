/// Lets operators that repartition one stream share one topic (TP-03): which repartitions are not written where they were asked for,
/// and what stands behind which node instead.
///
/// As Kafka Streams does it, the shared repartition comes right behind the operator that changed the key, or behind a merge of
/// such streams; filters and the like that stood above follow it. A repartition that has no other to share with moves too.
struct RepartitionMerging {
    /// Which request's repartition is written behind a node, and where.
    private(set) var sites: [String: (request: Int, site: RepartitionSite)] = [:]
    /// Requests that are not written where they were told.
    private(set) var moved: Set<Int> = []
    /// What stands for the sources of repartitions, by their handles.
    private(set) var aliases: [String: String] = [:]
    /// Of nodes that follow a shared repartition: the parent that it takes the place of, and its source.
    private(set) var detours: [String: (parent: String, source: String)] = [:]

    /// Leaves every repartition where it was asked for.
    init(_ requests: [RepartitionRequest]) {
        for (index, request) in requests.enumerated() {
            aliases[RepartitionRequest.handle(index)] = request.site.source
        }
    }

    /// - Parameters:
    ///   - requests: all repartitions, in the order in which they were asked for.
    ///   - shape: how the operators above them follow each other.
    init(_ requests: [RepartitionRequest], _ shape: StreamShape) {
        self.init(requests)
        for (changer, indices) in Self.byChanger(requests, shape) {
            guard let first = indices.first else { continue }
            let topic = requests[first].topic
            var site = RepartitionSite(named: topic, behind: changer)
            for index in indices {
                let request = requests[index]
                moved.insert(index)
                guard request.site.upstream != changer,
                    let child = shape.firstChild(of: changer, above: request.site.upstream)
                else {
                    aliases[RepartitionRequest.handle(index)] = site.source
                    continue
                }
                aliases[RepartitionRequest.handle(index)] = request.site.upstream
                site.detours.append(child)
                detours[child] = (changer, site.source)
            }
            sites[changer] = (first, site)
        }
    }

    /// The requests that can share a repartition, by the node behind which it comes.
    private static func byChanger(
        _ requests: [RepartitionRequest],
        _ shape: StreamShape
    ) -> [(changer: String, requests: [Int])] {
        var changers: [(changer: String, requests: [Int])] = []
        func add(_ request: Int, to changer: String) {
            if let known = changers.firstIndex(where: { $0.changer == changer }) {
                changers[known].requests.append(request)
            } else {
                changers.append((changer, [request]))
            }
        }
        for (index, request) in requests.enumerated() where request.isMergeable {
            if let changer = shape.changer(above: request.site.upstream) { add(index, to: changer) }
        }
        for merge in shape.merges {
            let merged = changers.filter { changer, indices in
                shape.firstChild(of: changer, above: merge) != nil
                    && indices.allSatisfy { shape.isAtOrAbove(merge, requests[$0].site.upstream) }
            }
            for (changer, indices) in merged {
                changers.removeAll { $0.changer == changer }
                for index in indices { add(index, to: merge) }
            }
        }
        // Above a merge that is not moved behind, other streams come in that need the repartition too.
        return changers.map { changer, indices in
            let isBehindMerge = { (request: Int) in
                shape.merges.contains { merge in
                    merge != changer && shape.firstChild(of: changer, above: merge) != nil
                        && shape.isAtOrAbove(merge, requests[request].site.upstream)
                }
            }
            return (changer, indices.filter { !isBehindMerge($0) })
        }
    }
}
