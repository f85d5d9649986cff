import CRDKafka

/// Numbers the partitions a consumer sees, so that nobody compares strings per message.
///
/// A message names its topic by pointer. The table holds a reference to each topic it has seen: the pointer then stays valid,
/// and stays that topic's, until the consumer is closed.
@safe
struct PartitionTable {
    private(set) var partitions: [TopicPartition] = []
    private var topics: [String: Int] = [:]
    private var handles: [OpaquePointer?] = unsafe []
    private var indices: [OpaquePointer: Int] = unsafe [:]
    private var numbers: [[Int32]] = []
    private var latestHandle: OpaquePointer?
    private var latestIndex = 0

    /// Runs per message.
    mutating func number(_ topic: OpaquePointer, _ partition: Int32, in client: OpaquePointer) -> Int {
        if unsafe topic != latestHandle {
            if let index = unsafe indices[topic] {
                latestIndex = index
            } else {
                latestIndex = unsafe index(String(cString: rd_kafka_topic_name(topic)), in: client)
            }
            unsafe latestHandle = handles[latestIndex] == topic ? topic : nil
        }
        let column = Int(partition)
        if column >= 0, column < numbers[latestIndex].count {
            let number = numbers[latestIndex][column]
            if number >= 0 { return Int(number) }
        }
        return unsafe add(latestIndex, TopicPartition(String(cString: rd_kafka_topic_name(topic)), partition))
    }

    mutating func number(_ partition: TopicPartition, in client: OpaquePointer) -> Int {
        let index = unsafe index(partition.topic, in: client)
        let column = Int(partition.partition)
        if column >= 0, column < numbers[index].count, numbers[index][column] >= 0 {
            return Int(numbers[index][column])
        }
        return add(index, partition)
    }

    private mutating func index(_ name: String, in client: OpaquePointer) -> Int {
        if let index = topics[name] { return index }
        let index = numbers.count
        topics[name] = index
        numbers.append([])
        let handle = unsafe rd_kafka_topic_new(client, name, nil)
        unsafe handles.append(handle)
        if let handle = unsafe handle { unsafe indices[handle] = index }
        return index
    }

    private mutating func add(_ index: Int, _ partition: TopicPartition) -> Int {
        let number = partitions.count
        partitions.append(partition)
        let column = Int(partition.partition)
        guard column >= 0 else { return number }
        while numbers[index].count <= column { numbers[index].append(-1) }
        numbers[index][column] = Int32(number)
        return number
    }

    /// Lets go of the topics; no message may be numbered afterwards.
    mutating func releaseTopics() {
        var remaining = unsafe handles
        while let last = unsafe remaining.popLast() {
            if let handle = unsafe last { unsafe rd_kafka_topic_destroy(handle) }
        }
        unsafe handles = []
        unsafe indices = [:]
        topics = [:]
        numbers = []
        unsafe latestHandle = nil
    }
}
