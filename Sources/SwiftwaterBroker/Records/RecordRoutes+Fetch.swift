// The long poll: read; if that is too little and time is left, sleep until one of the partitions grows, and read again.
//
// The wait is registered before the first read, so that nothing written in between is missed.

import NIOCore

extension RecordRoutes {
    /// More than this is never answered at once, whatever the client allows.
    private static let largestAnswer = 64 << 20

    func fetch(_ request: FetchRequest) async -> FetchResponse {
        let deadline = ContinuousClock.now + .milliseconds(Int(max(0, request.maxWaitMilliseconds)))
        let first = read(request)
        guard !isEnough(first, request), ContinuousClock.now < deadline else { return first }
        let partitions = request.topics.flatMap { topic in
            topic.partitions.compactMap { topics.partition(topic.name, $0.index) }
        }
        let wait = FetchWait()
        for partition in partitions { partition.add(wait) }
        defer { for partition in partitions { partition.remove(wait) } }
        while true {
            let answer = read(request)
            if isEnough(answer, request) || ContinuousClock.now >= deadline || Task.isCancelled { return answer }
            await wait.sleep(until: deadline)
        }
    }

    /// An error is worth answering at once.
    private func isEnough(_ answer: FetchResponse, _ request: FetchRequest) -> Bool {
        var bytes = 0
        for topic in answer.topics {
            for partition in topic.partitions {
                if partition.error != .none { return true }
                bytes += partition.records.readableBytes
            }
        }
        return bytes >= request.minBytes
    }

    private func read(_ request: FetchRequest) -> FetchResponse {
        var left = min(Int(max(0, request.maxBytes)), Self.largestAnswer)
        var isEmpty = true
        let answers = request.topics.map { topic in
            FetchResponse.Topic(
                name: topic.name,
                partitions: topic.partitions.map { part in
                    let answer = read(part, of: topic.name, isolation: request.isolation, left: left, needsOne: isEmpty)
                    left -= min(left, answer.records.readableBytes)
                    if answer.records.readableBytes > 0 { isEmpty = false }
                    return answer
                })
        }
        return FetchResponse(topics: answers)
    }

    private func read(
        _ part: FetchRequest.Partition, of topic: String, isolation: IsolationLevel, left: Int, needsOne: Bool
    ) -> FetchResponse.Partition {
        guard let log = topics.partition(topic, part.index)?.log else {
            return .init(index: part.index, error: .unknownTopicOrPartition)
        }
        guard part.currentLeaderEpoch <= 0 else { return .init(index: part.index, error: .unknownLeaderEpoch) }
        let limit = min(left, Int(max(0, part.maxBytes)))
        do {
            let fetched = try log.fetch(
                from: part.fetchOffset, maxBytes: limit, minOneBatch: needsOne, isolation: isolation)
            return .init(
                index: part.index, highWatermark: fetched.endOffset, lastStableOffset: fetched.lastStableOffset,
                logStartOffset: fetched.startOffset, abortedTransactions: fetched.abortedTransactions,
                records: fetched.records)
        } catch {
            return .init(
                index: part.index, error: code(error, topic, part.index), highWatermark: log.endOffset,
                lastStableOffset: log.lastStableOffset, logStartOffset: log.logStartOffset)
        }
    }
}
