import Foundation
import Logging
import NIOCore

/// What reads and writes records.
struct RecordRoutes: Sendable {
    var topics: TopicRegistry
    var logger: Logger

    func register(on router: inout RequestRouter) {
        router.on(ProduceRequest.self) { request, _ in produce(request) }
        router.on(FetchRequest.self) { request, _ in await fetch(request) }
        router.on(ListOffsetsRequest.self) { request, _ in listOffsets(request) }
        router.on(OffsetForLeaderEpochRequest.self) { request, _ in offsetForLeaderEpoch(request) }
        router.on(DeleteRecordsRequest.self) { request, _ in deleteRecords(request) }
    }

    /// The code a client gets; what is not its fault is logged.
    func code(_ error: any Error, _ topic: String, _ partition: Int32) -> ErrorCode {
        let code = (error as? LogFailure)?.errorCode ?? .unknownServerError
        if code == .storageError || code == .unknownServerError {
            logger.error("partition log", metadata: ["partition": "\(topic)-\(partition)", "error": "\(error)"])
        }
        return code
    }

    private func produce(_ request: ProduceRequest) -> ProduceResponse? {
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        let answers = request.topics.map { topic in
            let partitions = topic.partitions.map { append($0, to: topic.name, acks: request.acks, now: now) }
            return ProduceResponse.Topic(name: topic.name, partitions: partitions)
        }
        return request.acks == 0 ? nil : ProduceResponse(topics: answers)
    }

    private func append(
        _ part: ProduceRequest.Partition, to topic: String, acks: Int16, now: Int64
    ) -> ProduceResponse.Partition {
        guard (-1...1).contains(acks) else { return .init(index: part.index, error: .invalidRequiredAcks) }
        guard let partition = topics.partition(topic, part.index) else {
            return .init(index: part.index, error: .unknownTopicOrPartition)
        }
        guard let records = part.records, records.readableBytes > 0 else {
            return .init(index: part.index, error: .corruptMessage, errorMessage: "no records")
        }
        do {
            let result = try partition.log.append(records, now: now)
            partition.wake()
            return .init(
                index: part.index, baseOffset: result.baseOffset, logAppendTime: result.logAppendTime,
                logStartOffset: result.logStartOffset)
        } catch {
            return .init(index: part.index, error: code(error, topic, part.index), errorMessage: "\(error)")
        }
    }

    private func listOffsets(_ request: ListOffsetsRequest) -> ListOffsetsResponse {
        ListOffsetsResponse(
            topics: request.topics.map { topic in
                .init(
                    name: topic.name, partitions: topic.partitions.map { offset($0, of: topic.name, request.isolation) }
                )
            })
    }

    private func offset(
        _ part: ListOffsetsRequest.Partition, of topic: String, _ isolation: IsolationLevel
    ) -> ListOffsetsResponse.Partition {
        guard let log = topics.partition(topic, part.index)?.log else {
            return .init(index: part.index, error: .unknownTopicOrPartition)
        }
        guard part.currentLeaderEpoch <= 0 else { return .init(index: part.index, error: .unknownLeaderEpoch) }
        let end = isolation == .readCommitted ? log.lastStableOffset : log.endOffset
        switch part.timestamp {
        case -1: return .init(index: part.index, offset: end, leaderEpoch: 0)
        case -2: return .init(index: part.index, offset: log.logStartOffset, leaderEpoch: 0)
        default:
            do {
                guard let found = try log.offset(forTimestamp: part.timestamp), found.offset < end else {
                    return .init(index: part.index)
                }
                return .init(index: part.index, timestamp: found.timestamp, offset: found.offset, leaderEpoch: 0)
            } catch {
                return .init(index: part.index, error: code(error, topic, part.index))
            }
        }
    }

    /// There has been one epoch, 0, and it goes on.
    private func offsetForLeaderEpoch(_ request: OffsetForLeaderEpochRequest) -> OffsetForLeaderEpochResponse {
        OffsetForLeaderEpochResponse(
            topics: request.topics.map { topic in
                .init(
                    name: topic.name,
                    partitions: topic.partitions.map { part in
                        guard let log = topics.partition(topic.name, part.index)?.log else {
                            return .init(index: part.index, error: .unknownTopicOrPartition)
                        }
                        guard part.currentLeaderEpoch <= 0 else {
                            return .init(index: part.index, error: .unknownLeaderEpoch)
                        }
                        guard part.leaderEpoch == 0 else { return .init(index: part.index) }
                        return .init(index: part.index, leaderEpoch: 0, endOffset: log.endOffset)
                    })
            })
    }

    private func deleteRecords(_ request: DeleteRecordsRequest) -> DeleteRecordsResponse {
        DeleteRecordsResponse(
            topics: request.topics.map { topic in
                .init(
                    name: topic.name,
                    partitions: topic.partitions.map { part in
                        guard let log = topics.partition(topic.name, part.index)?.log else {
                            return .init(index: part.index, error: .unknownTopicOrPartition)
                        }
                        do {
                            let end = part.offset == -1 ? log.endOffset : part.offset
                            return .init(index: part.index, lowWatermark: try log.deleteRecords(before: end))
                        } catch {
                            return .init(index: part.index, error: code(error, topic.name, part.index))
                        }
                    })
            })
    }
}
