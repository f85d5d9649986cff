extension OffsetLogRecord {
    func apply(to groups: inout [String: Group], configuration: GroupConfiguration) {
        func change(_ id: String, _ body: (inout Group) -> Void) {
            body(&groups[id, default: Group(id: id, configuration: configuration, now: .zero)])
        }
        switch self {
        case .generation(let id, let generation, let protocolType):
            change(id) { group in
                group.generation = generation
                group.protocolType = protocolType
                group.forgetMembers()
            }
        case .membership(let id, let membership):
            change(id) { $0.restore(membership, now: .zero) }
        case .commit(let id, let entries):
            change(id) { group in
                for entry in entries {
                    group.offsets.commit(entry.offset, topic: entry.topic, partition: entry.partition)
                }
            }
        case .stage(let id, let producerID, let entries):
            change(id) { group in
                for entry in entries {
                    group.offsets.stage(
                        entry.offset, topic: entry.topic, partition: entry.partition, producerID: producerID)
                }
            }
        case .endTransaction(let id, let producerID, let committing):
            change(id) { $0.offsets.endTransaction(producerID: producerID, committing: committing) }
        case .removeOffsets(let id, let topic, let partitions):
            for partition in partitions { groups[id]?.offsets.remove(topic, partition) }
        case .removeGroup(let id): groups[id] = nil
        case .removeTopic(let topic):
            for id in groups.keys { groups[id]?.offsets.removeTopic(topic) }
        }
    }
}

extension Group {
    /// What the log must hold for the group to come back.
    var records: [OffsetLogRecord] {
        let last =
            generation > 0
            ? [OffsetLogRecord.generation(group: id, generation: generation, protocolType: protocolType ?? "")] : []
        let members = membership.map { [OffsetLogRecord.membership(group: id, $0)] } ?? []
        return last + members + offsets.records(group: id)
    }
}
