// What a task asks of the world. The engine has no thread, no socket, no clock and no C: a runtime plugs these in.
// `SwiftwaterKafka` plugs in librdkafka and LMDB, `SwiftwaterTestKit` plugs in memory.
//
// The ports are classes, so that a call through them is one dispatch and no boxing.

/// Where records go: outputs, repartition topics and changelogs.
///
/// # Contract
/// - All calls come from the thread that owns the task.
/// - Bytes given to `send` are valid during the call only: the port copies what it keeps.
/// - `send` may block while a queue is full. It throws `UndeliverableRecord` for what concerns this record alone (too large,
///   not authorised): its sink asks the production handler. All else that it throws ends the task or the thread.
/// - A record that is found to be undeliverable later is the owner's to bring to `TaskContext.failures.production`, before
///   the commit that waits for its delivery is over.
/// - Records sent to one partition keep their order.
@usableFromInline
package protocol RecordOutput: AnyObject {
    /// The handle of a topic; asked once per sink when a task is assembled. Throws if the topic does not exist.
    func topic(named name: String) throws -> OutputTopic

    /// Sends a record; `partition` is below the topic's partition count.
    func send(
        to topic: OutputTopic,
        partition: Int32,
        key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?,
        timestamp: Timestamp,
        headers: Headers
    ) throws
}

/// A topic that records go to.
@usableFromInline
package final class OutputTopic {
    package let name: String
    @usableFromInline package let partitionCount: Int32
    /// Where the runtime keeps what it knows of the topic; of no meaning to the engine.
    package let index: Int

    package init(name: String, partitionCount: Int32, index: Int = 0) {
        self.name = name
        self.partitionCount = partitionCount
        self.index = index
    }
}

/// The bytes of a task's stores as a commit left them; a store is an index into the task's `StoreDefinition`s.
///
/// # Contract
/// - All calls come from one thread at a time: the task's, or that of a query with a snapshot of its own.
/// - Reads see what one commit wrote, nothing later.
/// - Keys are ordered as unsigned bytes (S-103). Any length from 0 on is legal.
/// - A `scan` may be begun inside the body of another, and values may be read there.
package protocol StateReading: AnyObject {
    /// The value of a key, or nil. The bytes are valid until the next call of any method.
    func value(of key: UnsafeRawBufferPointer, in store: Int) throws -> UnsafeRawBufferPointer?

    /// Calls `body` for the entries with `from <= key <= to` (nil is open) in key order, or in reverse, until it returns
    /// false. The bytes are valid inside the call only.
    func scan(
        _ store: Int,
        from: [UInt8]?,
        to: [UInt8]?,
        reverse: Bool,
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Bool
    ) throws

    /// About how many entries a store has.
    func approximateCount(of store: Int) throws -> Int
}

/// Who keeps the bytes of a task's stores: one per task.
///
/// # Contract
/// - All calls come from the thread that owns the task.
/// - Reads see what the last `commit` wrote, nothing later.
/// - `commit` is atomic over all stores and the checkpoint: after a crash all of it is there or none.
package protocol StateBackend: StateReading {
    /// Writes what changed since the last commit, in one transaction with the checkpoint.
    func commit(_ changes: [StoreChanges], checkpoint: TaskCheckpoint) throws

    /// What the last commit recorded.
    func checkpoint() throws -> TaskCheckpoint
}

/// How far a task's stores and inputs have come; kept with the stores' bytes.
package struct TaskCheckpoint: Sendable, Equatable {
    /// By store: the offset after the last record of its changelog that the store holds.
    package var changelogOffsets: [Int: Int64]
    /// By input: the offset after the last record that the stores hold the effects of.
    package var inputOffsets: [TopicPartition: Int64]

    package init(changelogOffsets: [Int: Int64] = [:], inputOffsets: [TopicPartition: Int64] = [:]) {
        self.changelogOffsets = changelogOffsets
        self.inputOffsets = inputOffsets
    }
}

/// The changes of one store in key order, a key once; a view into its write buffer, valid during `commit` only.
package struct StoreChanges {
    package let store: Int
    let buffer: WriteBuffer
    let order: [Int32]
    /// Every entry whose key is below it is deleted, after the changes are written: what has expired. Nil deletes nothing.
    package let floor: [UInt8]?

    package var count: Int { order.count }

    /// The key and the new value of a change, nil for a deletion.
    package subscript(position: Int) -> (key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?) {
        let entry = Int(order[position])
        return (buffer.key(at: entry), buffer.value(at: entry))
    }
}

/// What time it is; the only way that the engine learns of wall-clock time.
package protocol WallClock: AnyObject {
    func now() -> Timestamp
}
