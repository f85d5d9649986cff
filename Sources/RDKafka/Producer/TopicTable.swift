import CRDKafka

/// The topics a producer writes to, each opened once and kept until the producer is closed.
@safe
struct TopicTable {
    private var names: [String: TopicHandle] = [:]
    private var pointers: [OpaquePointer] = unsafe []
    private var handles: [OpaquePointer: TopicHandle] = unsafe [:]
    private var latest: (OpaquePointer, TopicHandle)?

    mutating func handle(named name: String, in client: OpaquePointer) throws(KafkaError) -> TopicHandle {
        if let handle = names[name] { return handle }
        guard let pointer = unsafe rd_kafka_topic_new(client, name, nil) else {
            throw KafkaError(
                KafkaErrorCode(rd_kafka_last_error()), operation: "open a topic", subject: .topic(name))
        }
        let handle = TopicHandle(index: Int32(names.count))
        names[name] = handle
        unsafe pointers.append(pointer)
        unsafe handles[pointer] = handle
        return handle
    }

    func pointer(of handle: TopicHandle) -> OpaquePointer? {
        let index = Int(handle.index)
        return unsafe index >= 0 && index < pointers.count ? pointers[index] : nil
    }

    /// Runs per delivery report.
    mutating func handle(of pointer: OpaquePointer) -> TopicHandle {
        if let latest = unsafe latest, unsafe latest.0 == pointer { return unsafe latest.1 }
        guard let handle = unsafe handles[pointer] else { return TopicHandle(index: -1) }
        unsafe latest = (pointer, handle)
        return handle
    }

    mutating func release() {
        while let pointer = unsafe pointers.popLast() { unsafe rd_kafka_topic_destroy(pointer) }
        unsafe pointers = []
        unsafe handles = [:]
        names = [:]
        unsafe latest = nil
    }
}
