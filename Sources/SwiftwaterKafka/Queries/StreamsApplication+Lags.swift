internal import RDKafka
internal import Swiftwater

extension StreamsApplication {
    /// How far the partitions of all logged stores that are here are behind, by store and partition (`allLocalStorePartitionLags`).
    ///
    /// Asks Kafka where changelogs end if a copy restores or is suspended; the active copies that run have no lag.
    ///
    /// - Throws: ``StreamsError``: `streamsNotStarted`, `streamsStopped` or `brokerUnreachable`.
    public func localStorePartitionLags() async throws -> [String: [Int32: StorePartitionLag]] {
        try requireQueryable()
        return try await Self.onThread(named: "lags") { try self.readLags() }
    }

    private func readLags() throws -> [String: [Int32: StorePartitionLag]] {
        var lags: [String: [Int32: StorePartitionLag]] = [:]
        var behind: [KafkaPartition: String] = [:]
        for (task, copy) in stores.copies {
            let definitions = try topology.subtopology(task.subtopology).stores
            let offsets: [Int: Int64]
            do {
                offsets = try copy.changelogOffsets()
            } catch let error as StreamsError where error.code == .stateStoreMigrated {
                continue
            }
            for (index, store) in definitions.enumerated() where store.isLogged {
                let current = offsets[index] ?? 0
                lags[store.name, default: [:]][task.partition] =
                    StorePartitionLag(currentOffset: current, endOffset: current)
                guard !copy.isActive else { continue }
                let topic = store.changelogTopic(applicationID: configuration.applicationID)
                behind[KafkaPartition(topic, task.partition)] = store.name
            }
        }
        for end in try changelogEnds(of: Array(behind.keys)) {
            guard let store = behind[end.topicPartition] else { continue }
            lags[store]?[end.topicPartition.partition]?.endOffset = end.offset
        }
        return lags
    }

    private func changelogEnds(of partitions: [KafkaPartition]) throws(StreamsError) -> [PartitionOffset] {
        if partitions.isEmpty { return [] }
        do throws(KafkaError) {
            let reader = try Consumer(configuration.lagReader(logger))
            defer { reader.close(limit: .seconds(1)) }
            return try reader.endOffsets(partitions, timeout: configuration.requestTimeout)
        } catch {
            throw StreamsError(.brokerUnreachable, "cannot learn where changelogs end", cause: error)
        }
    }
}
