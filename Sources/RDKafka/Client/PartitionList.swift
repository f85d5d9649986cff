import CRDKafka
import Glibc

/// A `rd_kafka_topic_partition_list_t` that is freed once.
@safe
struct PartitionList: ~Copyable {
    let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    /// Takes over a list that librdkafka made.
    init(owning pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) {
        unsafe self.pointer = pointer
    }

    init(topics: some Collection<String>) {
        unsafe pointer = rd_kafka_topic_partition_list_new(Int32(topics.count))
        for topic in topics {
            unsafe _ = rd_kafka_topic_partition_list_add(pointer, topic, -1)
        }
    }

    init(_ partitions: some Collection<TopicPartition>) {
        unsafe pointer = rd_kafka_topic_partition_list_new(Int32(partitions.count))
        for partition in partitions {
            unsafe _ = rd_kafka_topic_partition_list_add(pointer, partition.topic, partition.partition)
        }
    }

    init(_ offsets: some Collection<PartitionOffset>) {
        unsafe pointer = rd_kafka_topic_partition_list_new(Int32(offsets.count))
        for entry in offsets {
            guard
                let element = unsafe rd_kafka_topic_partition_list_add(
                    pointer, entry.topicPartition.topic, entry.topicPartition.partition)
            else { continue }
            unsafe element.pointee.offset = entry.offset
            guard var metadata = entry.metadata else { continue }
            // Freed with the list, by free().
            metadata.withUTF8 { bytes in
                guard let copy = unsafe malloc(max(bytes.count, 1)) else { return }
                if let start = bytes.baseAddress { unsafe _ = memcpy(copy, start, bytes.count) }
                unsafe element.pointee.metadata = copy
                unsafe element.pointee.metadata_size = bytes.count
            }
        }
    }

    var offsets: [PartitionOffset] { unsafe Self.read(pointer) }

    static func read(_ list: UnsafePointer<rd_kafka_topic_partition_list_t>?) -> [PartitionOffset] {
        guard let list = unsafe list else { return [] }
        return unsafe UnsafeBufferPointer(start: list.pointee.elems, count: Int(list.pointee.cnt)).map { element in
            var metadata: String?
            if let bytes = unsafe element.metadata {
                unsafe metadata = String(
                    decoding: UnsafeRawBufferPointer(start: bytes, count: element.metadata_size), as: UTF8.self)
            }
            return unsafe PartitionOffset(
                TopicPartition(String(cString: element.topic), element.partition), element.offset, metadata: metadata,
                error: element.err == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaErrorCode(element.err)
            )
        }
    }

    deinit {
        unsafe rd_kafka_topic_partition_list_destroy(pointer)
    }
}
